"""Runs the tests of unittest and prints TAP, which prove reads."""
import sys
import traceback
import unittest


class Result(unittest.TestResult):
    count = 0

    def line(self, ok, test, note=""):
        self.count += 1
        print(f"{'ok' if ok else 'not ok'} {self.count} - {test.shortDescription() or test.id()}{note}", flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.line(True, test)

    def failed(self, test, err):
        self.line(False, test)
        for line in "".join(traceback.format_exception(*err)).splitlines():
            print("#  " + line)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.failed(test, err)

    def addError(self, test, err):
        super().addError(test, err)
        self.failed(test, err)


def main():
    result = Result()
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    suite.run(result)
    print(f"1..{result.count}")
    sys.exit(0 if result.count and result.wasSuccessful() else 1)
