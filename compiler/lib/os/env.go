package os

import "gomem/rt"

// Getenv is the value of an environment variable, "" when it is not set.
func Getenv(key string) string {
	value, _ := rt.Getenv(key)
	return value
}

// LookupEnv tells a variable that is not set from an empty one.
func LookupEnv(key string) (string, bool) { return rt.Getenv(key) }

// Environ is the environment, each variable as name=value.
func Environ() []string { return append([]string(nil), rt.Environ()...) }

func Setenv(key, value string) error {
	if errno := rt.Setenv(key, value, true); errno != 0 {
		return &SyscallError{"setenv", number(errno)}
	}
	return nil
}

func Unsetenv(key string) error {
	if errno := rt.Setenv(key, "", false); errno != 0 {
		return &SyscallError{"unsetenv", number(errno)}
	}
	return nil
}

// Clearenv takes all variables away.
func Clearenv() {
	for _, variable := range rt.Environ() {
		for i := range len(variable) {
			if variable[i] == '=' {
				Unsetenv(variable[:i])
				break
			}
		}
	}
}

// ExpandEnv replaces variables by their values in the environment.
func ExpandEnv(s string) string { return Expand(s, Getenv) }

// Expand replaces $name and ${name} by what mapping gives for them. A $ that nothing follows stays; what has no name is left out.
func Expand(s string, mapping func(string) string) string {
	var b []byte
	for i := 0; i < len(s); i++ {
		if s[i] != '$' {
			b = append(b, s[i])
			continue
		}
		name, n := variable(s[i+1:])
		i += n
		switch {
		case n == 0:
			b = append(b, '$')
		case name != "":
			b = append(b, mapping(name)...)
		}
	}
	return string(b)
}

// variable is the name that s begins with, and how many bytes it takes there; an open brace alone is one byte without a name.
func variable(s string) (name string, n int) {
	if s == "" {
		return "", 0
	}
	switch c := s[0]; {
	case c == '{':
		for i := 1; i < len(s); i++ {
			if s[i] == '}' {
				return s[1:i], i + 1
			}
		}
		return "", 1
	case '0' <= c && c <= '9', c == '*', c == '#', c == '$', c == '@', c == '!', c == '?', c == '-':
		return s[:1], 1
	}
	for n < len(s) && inName(s[n]) {
		n++
	}
	return s[:n], n
}

func inName(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
