package main

import "go/types"

// compiler lays structures out as gc does on 64-bit machines. types.SizesFor("gc") of Go 1.20 and older forgets the
// padding at the end.
type compiler struct{ types.StdSizes }

func gc() types.Sizes { return &compiler{types.StdSizes{WordSize: 8, MaxAlign: 8}} }

func (c *compiler) Alignof(t types.Type) int64 {
	switch u := t.Underlying().(type) {
	case *types.Array:
		return c.Alignof(u.Elem())
	case *types.Struct:
		align := int64(1)
		for i := 0; i < u.NumFields(); i++ {
			if a := c.Alignof(u.Field(i).Type()); a > align {
				align = a
			}
		}
		return align
	}
	return c.StdSizes.Alignof(t)
}

func (c *compiler) Offsetsof(fields []*types.Var) []int64 {
	offsets, at := make([]int64, len(fields)), int64(0)
	for i, f := range fields {
		at = up(at, c.Alignof(f.Type()))
		offsets[i] = at
		at += c.Sizeof(f.Type())
	}
	return offsets
}

func (c *compiler) Sizeof(t types.Type) int64 {
	switch u := t.Underlying().(type) {
	case *types.Array:
		return u.Len() * c.Sizeof(u.Elem())
	case *types.Struct:
		n := u.NumFields()
		if n == 0 {
			return 0
		}
		var fields []*types.Var
		for i := 0; i < n; i++ {
			fields = append(fields, u.Field(i))
		}
		last := c.Sizeof(fields[n-1].Type())
		size := c.Offsetsof(fields)[n-1] + last
		if last == 0 && size > 0 {
			size++ // so that a pointer to the last field does not point to the next object
		}
		return up(size, c.Alignof(t))
	}
	return c.StdSizes.Sizeof(t)
}

func up(n, align int64) int64 { return (n + align - 1) / align * align }
