"""A headless Chromium, told what to do through its DevTools protocol over a websocket.

Whatever goes wrong inside a page is an event: an exception that nobody caught, a message on the console, a request to elsewhere. They are collected
in `trouble` and `requests`, so that a test sees them whenever they come.
"""
import json
import os
import shutil
import subprocess
import tempfile
import urllib.request

import websocket

PATIENCE = 120  # seconds; a loaded machine takes long to start a browser


class Browser:
    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="gomem-chromium-")
        words = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
                 "--remote-debugging-port=0", "--remote-allow-origins=*", "--user-data-dir=" + self.profile, "about:blank"]
        self.log = open(os.path.join(self.profile, "log"), "w+b")
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.PIPE, text=True, start_new_session=True,
                                        env={**os.environ, "HOME": self.profile})
        self.count, self.trouble, self.requests, self.events = 0, [], [], []
        address = next((line.split("127.0.0.1:")[1].split("/")[0] for line in self.process.stderr if "DevTools listening" in line), None)
        if not address:
            raise RuntimeError("chromium does not start")
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        pages = json.load(direct.open(f"http://127.0.0.1:{address}/json", timeout=PATIENCE))
        self.socket = websocket.create_connection(next(p for p in pages if p["type"] == "page")["webSocketDebuggerUrl"], timeout=PATIENCE)
        for domain in ("Runtime", "Page", "Log", "Network"):
            self.call(domain + ".enable")

    def receive(self):
        message = json.loads(self.socket.recv())
        method, params = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            self.trouble.append(params["exceptionDetails"].get("exception", {}).get("description", params["exceptionDetails"]["text"]))
        elif method in ("Runtime.consoleAPICalled", "Log.entryAdded"):
            self.trouble.append(json.dumps(params))
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        if method:
            self.events.append(method)
        return message

    def call(self, method, **params):
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": params}))
        while True:
            message = self.receive()
            if message.get("id") == self.count:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]

    def open(self, path, width=1280, height=900, scheme="light", media="", scripts=True):
        """Loads a page as a reader with that screen would see it."""
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.events.clear()
        self.call("Page.navigate", url="file://" + path)
        while "Page.loadEventFired" not in self.events:
            self.receive()

    def ask(self, expression):
        """The value of an expression in the page."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"].get("exception", {}).get("description", "exception"))
        return result["result"].get("value")

    def close(self):
        self.socket.close()
        os.killpg(self.process.pid, 9)
        self.process.wait()
        self.process.stderr.close()
        self.log.close()
        shutil.rmtree(self.profile, ignore_errors=True)
