package strings

import "gomem/text"

type reader = text.Reader[string]

// Reader reads from a string.
type Reader struct{ reader }

func NewReader(s string) *Reader { return &Reader{text.NewReader(s)} }
