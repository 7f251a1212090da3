package layout

// Fifty random structs for the cases of padding and order, drawn once and kept so that the compilers themselves lay them out.
// The pointers are nil: only their types count.

import "reflect"

// generated returns the struct types.
func generated() []reflect.Type {
	pointers := []interface{}{
		(*struct {
			a uint8
			b int32
			c interface{}
			d struct{ v string }
			e uint16
			f uint8
		})(nil),
		(*struct {
			a uint32
			b uint16
			c int32
		})(nil),
		(*struct {
			a bool
			b int8
			c map[int]int
			d []byte
			e struct{ v, w uint16 }
			f [7]float64
		})(nil),
		(*struct {
			a complex64
			b int16
			c struct{ v uint16 }
			d int32
			e int8
			f int8
		})(nil),
		(*struct {
			a struct{ v [7]uint16 }
			b uint8
			c int
		})(nil),
		(*struct {
			a [5]int64
			b uint32
			c int8
			d float64
			e [5]func()
			f uint8
		})(nil),
		(*struct {
			a uint64
			b uint16
			c int8
		})(nil),
		(*struct {
			a uint8
			b int32
			c uint8
			d map[int]int
		})(nil),
		(*struct {
			a int16
			b complex64
			c interface{}
			d map[int]int
		})(nil),
		(*struct {
			a float32
			b int
			c bool
			d uint8
			e uint16
			f [1]complex64
		})(nil),
		(*struct {
			a int32
			b int16
			c [5]int16
			d uintptr
			e float32
			f int8
		})(nil),
		(*struct {
			a bool
			b [5]int8
			c string
		})(nil),
		(*struct {
			a uint32
			b uint16
			c struct{ v float32 }
		})(nil),
		(*struct {
			a bool
			b complex128
			c *int
			d struct{ v, w uint16 }
			e int8
			f float32
		})(nil),
		(*struct {
			a uint8
			b *int
			c uint16
			d int32
			e []byte
		})(nil),
		(*struct {
			a int8
			b [1]complex128
			c uint32
			d struct{ v float32 }
		})(nil),
		(*struct {
			a uint8
			b float32
			c struct{ v, w int }
			d map[int]int
			e float32
		})(nil),
		(*struct {
			a struct{ v int16 }
			b uint16
			c string
			d int16
			e struct {
				u func()
				v float32
			}
		})(nil),
		(*struct {
			a uint16
			b [7]uint8
			c uint16
		})(nil),
		(*struct {
			a bool
			b int32
			c [5]uintptr
		})(nil),
		(*struct {
			a uint32
			b int32
			c struct{ v map[int]int }
			d uintptr
		})(nil),
		(*struct {
			a func()
			b int16
			c struct{ v, w complex64 }
			d struct{ v int32 }
			e complex128
			f bool
		})(nil),
		(*struct {
			a struct{ v int8 }
			b int
			c [2]*int
			d bool
			e uint64
			f uint8
		})(nil),
		(*struct {
			a struct {
				u int
				v uintptr
			}
			b int16
			c int32
			d bool
			e struct{ v int32 }
			f [1]float64
		})(nil),
		(*struct {
			a [5]int16
			b [2]uint64
			c bool
		})(nil),
		(*struct {
			a uint16
			b uint16
			c uint16
		})(nil),
		(*struct {
			a struct {
				u int16
				v [2]float64
				w float32
			}
			b uint16
			c interface{}
		})(nil),
		(*struct {
			a complex64
			b int32
			c struct{ v *int }
			d bool
		})(nil),
		(*struct {
			a uint64
			b int16
			c uint8
			d uintptr
		})(nil),
		(*struct {
			a float32
			b int
			c int32
		})(nil),
		(*struct {
			a complex64
			b uint8
			c int64
			d int16
			e uint16
		})(nil),
		(*struct {
			a struct{ v, w int }
			b uint64
			c uint8
			d uint16
			e []byte
		})(nil),
		(*struct {
			a int8
			b bool
			c int8
		})(nil),
		(*struct {
			a [5]uint32
			b uint16
			c uint8
		})(nil),
		(*struct {
			a float32
			b int8
			c uintptr
			d float32
			e string
		})(nil),
		(*struct {
			a float32
			b uint8
			c [3]uint16
			d int8
			e [3]uint64
			f int32
		})(nil),
		(*struct {
			a uint8
			b uintptr
			c struct {
				u int32
				v int32
				w bool
			}
			d int
			e bool
		})(nil),
		(*struct {
			a int64
			b uint64
			c string
			d string
			e int8
		})(nil),
		(*struct {
			a int32
			b *int
			c bool
			d struct {
				u float32
				v []byte
			}
		})(nil),
		(*struct {
			a int
			b bool
			c uint8
			d string
			e uint8
			f float32
		})(nil),
		(*struct {
			a [1]int8
			b float32
			c complex128
			d int16
			e complex128
			f int8
		})(nil),
		(*struct {
			a string
			b int32
			c bool
			d int
		})(nil),
		(*struct {
			a complex64
			b struct{ v, w func() }
			c uint16
			d uint8
			e uint8
		})(nil),
		(*struct {
			a int
			b float32
			c [7]interface{}
		})(nil),
		(*struct {
			a bool
			b struct{ v uint8 }
			c [7]complex128
			d int32
			e float64
			f interface{}
		})(nil),
		(*struct {
			a bool
			b uintptr
			c string
			d struct{ v, w complex128 }
			e struct {
				u [2]*int
				v int16
			}
		})(nil),
		(*struct {
			a int8
			b bool
			c int8
			d int
		})(nil),
		(*struct {
			a float32
			b uint16
			c [2]int32
			d uint16
			e int8
			f [5]uint16
		})(nil),
		(*struct {
			a bool
			b uint32
			c bool
			d bool
		})(nil),
		(*struct {
			a int32
			b uint64
			c int8
			d [2]string
		})(nil),
	}
	types := make([]reflect.Type, len(pointers))
	for i, p := range pointers {
		types[i] = reflect.TypeOf(p).Elem()
	}
	return types
}
