package io

// ended stands for a reader that has come to its end, which is not kept.
type ended struct{}

func (ended) Read(p []byte) (n int, err error) { return 0, EOF }

type multiReader struct{ rest []Reader }

// MultiReader reads one reader after the other.
func MultiReader(readers ...Reader) Reader { return &multiReader{append([]Reader(nil), readers...)} }

func (m *multiReader) Read(p []byte) (n int, err error) {
	for len(m.rest) > 0 {
		if inner, ok := m.rest[0].(*multiReader); ok && len(m.rest) == 1 { // a chain of them is read in one step
			m.rest = inner.rest
			continue
		}
		n, err = m.rest[0].Read(p)
		if err != EOF {
			return n, err
		}
		m.rest[0] = ended{} // for others that have the list
		m.rest = m.rest[1:]
		if n > 0 && len(m.rest) > 0 {
			err = nil
		}
		if n > 0 {
			return n, err
		}
	}
	return 0, EOF
}

func (m *multiReader) WriteTo(w Writer) (n int64, err error) {
	return m.writeTo(w, make([]byte, 32<<10))
}

func (m *multiReader) writeTo(w Writer, buf []byte) (written int64, err error) {
	for len(m.rest) > 0 {
		var n int64
		if inner, ok := m.rest[0].(*multiReader); ok {
			n, err = inner.writeTo(w, buf)
		} else {
			n, err = copyBuffer(w, m.rest[0], buf)
		}
		written += n
		if err != nil {
			return written, err
		}
		m.rest[0] = ended{}
		m.rest = m.rest[1:]
	}
	return written, nil
}

type multiWriter struct{ all []Writer }

// MultiWriter writes everything to each.
func MultiWriter(writers ...Writer) Writer {
	all := make([]Writer, 0, len(writers))
	for _, w := range writers {
		if inner, ok := w.(*multiWriter); ok {
			all = append(all, inner.all...)
		} else {
			all = append(all, w)
		}
	}
	return &multiWriter{all}
}

func short(n, length int, err error) error {
	if err == nil && n != length {
		return ErrShortWrite
	}
	return err
}

func (m *multiWriter) Write(p []byte) (n int, err error) {
	for _, w := range m.all {
		n, err = w.Write(p)
		if err = short(n, len(p), err); err != nil {
			return n, err
		}
	}
	return len(p), nil
}

func (m *multiWriter) WriteString(s string) (n int, err error) {
	var p []byte // s, for those that take no strings
	for _, w := range m.all {
		if sw, ok := w.(StringWriter); ok {
			n, err = sw.WriteString(s)
		} else {
			if p == nil {
				p = []byte(s)
			}
			n, err = w.Write(p)
		}
		if err = short(n, len(s), err); err != nil {
			return n, err
		}
	}
	return len(s), nil
}
