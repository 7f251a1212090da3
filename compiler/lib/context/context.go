// Package context carries cancellation, deadlines and values from calls to what they start.
package context

import (
	"errors"
	"gomem/rt"
	"sync"
	"sync/atomic"
	"time"
)

// Context is done when its channel is closed.
type Context interface {
	Deadline() (deadline time.Time, ok bool)
	Done() <-chan struct{}
	Err() error
	Value(key any) any
}

// CancelFunc cancels a context; CancelCauseFunc says why.
type CancelFunc func()
type CancelCauseFunc func(cause error)

// Canceled is the error of a context that was cancelled.
var Canceled = errors.New("context canceled")

type deadlineExceeded struct{}

func (deadlineExceeded) Error() string   { return "context deadline exceeded" }
func (deadlineExceeded) Timeout() bool   { return true }
func (deadlineExceeded) Temporary() bool { return true }

// DeadlineExceeded is the error of a context whose deadline has passed.
var DeadlineExceeded error = deadlineExceeded{}

type empty string

func (empty) Deadline() (deadline time.Time, ok bool) { return }
func (empty) Done() <-chan struct{}                   { return nil }
func (empty) Err() error                              { return nil }
func (empty) Value(key any) any                       { return nil }
func (e empty) String() string                        { return string(e) }

func Background() Context { return empty("context.Background") }
func TODO() Context       { return empty("context.TODO") }

type stringer interface{ String() string }

// cancelKey finds the innermost context that can be cancelled.
type cancelKey struct{}

type cancelled struct {
	Context
	mu       sync.Mutex
	done     chan struct{}
	err      error
	cause    error
	children map[*cancelled]bool
	after    []func()
	leave    func() bool // undoes what the parent's AfterFunc did
	deadline time.Time
	timed    bool
	timer    *time.Timer
}

func (c *cancelled) Done() <-chan struct{} { return c.done }

func (c *cancelled) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

func (c *cancelled) Deadline() (time.Time, bool) {
	if c.timed {
		return c.deadline, true
	}
	return c.Context.Deadline()
}

func (c *cancelled) Value(key any) any {
	if key == (cancelKey{}) {
		return c
	}
	return c.Context.Value(key)
}

// String tells of a deadline how far away it is.
func (c *cancelled) String() string {
	if c.timed {
		return shown(c.Context) + ".WithDeadline(" + time.Until(c.deadline).String() + ")"
	}
	return shown(c.Context) + ".WithCancel"
}

func (c *cancelled) cancel(err, cause error) {
	c.mu.Lock()
	if c.err != nil {
		c.mu.Unlock()
		return
	}
	if cause == nil {
		cause = err
	}
	c.err, c.cause = err, cause
	children, after, leave := c.children, c.after, c.leave
	c.children, c.after = nil, nil
	if c.timer != nil {
		c.timer.Stop()
	}
	close(c.done)
	c.mu.Unlock()
	for child := range children {
		child.cancel(err, cause)
	}
	for _, f := range after {
		go f()
	}
	if leave != nil {
		leave()
	}
	if parent, ok := c.Context.Value(cancelKey{}).(*cancelled); ok {
		parent.mu.Lock()
		delete(parent.children, c)
		parent.mu.Unlock()
	}
}

// calls is a context that calls functions when it is done.
type calls interface{ AfterFunc(func()) func() bool }

// follow has c cancelled with a parent that is of no type of this package.
func (c *cancelled) follow(parent Context) {
	over := func() { c.cancel(parent.Err(), Cause(parent)) }
	select {
	case <-parent.Done():
		over()
		return
	default:
	}
	if p, ok := parent.(calls); ok {
		leave := p.AfterFunc(func() {
			c.left(nil)
			over()
		})
		c.left(leave)
		return
	}
	go func() {
		select {
		case <-parent.Done():
			over()
		case <-c.done:
		}
	}()
}

func (c *cancelled) left(leave func() bool) {
	c.mu.Lock()
	c.leave = leave
	c.mu.Unlock()
}

// derive makes a context that is cancelled with its parent.
func derive(parent Context) *cancelled {
	if parent == nil {
		panic("cannot create context from nil parent")
	}
	c := &cancelled{Context: parent, done: make(chan struct{})}
	if parent.Done() == nil {
		return c
	}
	p, ok := parent.Value(cancelKey{}).(*cancelled)
	if !ok || p.done != parent.Done() {
		c.follow(parent)
		return c
	}
	p.mu.Lock()
	err, cause := p.err, p.cause
	if err == nil {
		if p.children == nil {
			p.children = map[*cancelled]bool{}
		}
		p.children[c] = true
	}
	p.mu.Unlock()
	if err != nil {
		c.cancel(err, cause)
	}
	return c
}

func WithCancel(parent Context) (Context, CancelFunc) {
	c := derive(parent)
	return c, func() { c.cancel(Canceled, nil) }
}

func WithCancelCause(parent Context) (Context, CancelCauseFunc) {
	c := derive(parent)
	return c, func(cause error) { c.cancel(Canceled, cause) }
}

func WithDeadline(parent Context, d time.Time) (Context, CancelFunc) {
	return WithDeadlineCause(parent, d, nil)
}

func WithDeadlineCause(parent Context, d time.Time, cause error) (Context, CancelFunc) {
	c := derive(parent)
	if at, ok := parent.Deadline(); !ok || d.Before(at) {
		c.deadline, c.timed = d, true
		c.mu.Lock()
		if left := time.Until(d); c.err != nil {
		} else if left > 0 {
			c.timer = time.AfterFunc(left, func() { c.cancel(DeadlineExceeded, cause) })
		} else {
			defer c.cancel(DeadlineExceeded, cause)
		}
		c.mu.Unlock()
	}
	return c, func() { c.cancel(Canceled, nil) }
}

func WithTimeout(parent Context, timeout time.Duration) (Context, CancelFunc) {
	return WithDeadline(parent, time.Now().Add(timeout))
}

func WithTimeoutCause(parent Context, timeout time.Duration, cause error) (Context, CancelFunc) {
	return WithDeadlineCause(parent, time.Now().Add(timeout), cause)
}

// Cause is why a context was cancelled.
func Cause(c Context) error {
	if p, ok := c.Value(cancelKey{}).(*cancelled); ok {
		p.mu.Lock()
		cause := p.cause
		p.mu.Unlock()
		if cause != nil {
			return cause
		}
	}
	return c.Err()
}

// AfterFunc calls f in a goroutine of its own when ctx is done; stop tells whether it prevented that.
func AfterFunc(ctx Context, f func()) (stop func() bool) {
	c := derive(ctx)
	var begun atomic.Bool
	begin := func() bool { return begun.CompareAndSwap(false, true) }
	run := func() {
		if begin() {
			f()
		}
	}
	c.mu.Lock()
	over := c.err != nil
	if !over {
		c.after = append(c.after, run)
	}
	c.mu.Unlock()
	if over {
		go run()
	}
	return func() bool {
		stopped := begin()
		c.cancel(Canceled, nil)
		return stopped
	}
}

type withValue struct {
	Context
	key, value any
}

func (c *withValue) Value(key any) any {
	if key == c.key {
		return c.value
	}
	return c.Context.Value(key)
}

// shown is what a context, a key or a value is called: nobody knows whether another goroutine writes to what it holds.
func shown(x any) string {
	switch x := x.(type) {
	case stringer:
		return x.String()
	case string:
		return x
	case nil:
		return "<nil>"
	}
	return rt.Unpack(x).Type.Name
}

func (c *withValue) String() string {
	return shown(c.Context) + ".WithValue(" + shown(c.key) + ", " + shown(c.value) + ")"
}

func WithValue(parent Context, key, val any) Context {
	if parent == nil {
		panic("cannot create context from nil parent")
	}
	if key == nil {
		panic("nil key")
	}
	if !rt.Unpack(key).Type.Comparable() {
		panic("key is not comparable")
	}
	return &withValue{parent, key, val}
}

type detached struct{ Context }

func (detached) Deadline() (deadline time.Time, ok bool) { return }
func (detached) Done() <-chan struct{}                   { return nil }
func (detached) Err() error                              { return nil }

func (d detached) Value(key any) any {
	if key == (cancelKey{}) {
		return nil
	}
	return d.Context.Value(key)
}

func (d detached) String() string { return shown(d.Context) + ".WithoutCancel" }

// WithoutCancel has parent's values only.
func WithoutCancel(parent Context) Context { return detached{parent} }
