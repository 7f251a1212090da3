package bytes

import "gomem/text"

type reader = text.Reader[[]byte]

// Reader reads from a slice.
type Reader struct{ reader }

func NewReader(s []byte) *Reader { return &Reader{text.NewReader(s)} }
