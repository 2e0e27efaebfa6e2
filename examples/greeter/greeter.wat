;; A component for the world `greeter`: greet("Ada") is "Hello, Ada!".
(component
  (core module $main
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (data (i32.const 16) "Hello, ")

    ;; A bump allocator: memory is never given back, an instance is short-lived.
    (func $realloc (export "cabi_realloc")
      (param $old i32) (param $old-size i32) (param $align i32) (param $new-size i32) (result i32)
      (local $start i32)
      (local $end i32)
      ;; start = next, rounded up to the alignment
      (local.set $start
        (i32.and
          (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1)))
          (i32.sub (i32.const 0) (local.get $align))))
      (local.set $end (i32.add (local.get $start) (local.get $new-size)))
      (if (i32.lt_u (local.get $end) (local.get $start))
        (then unreachable))
      ;; grow to the page that holds the last byte
      (if (i64.gt_u
            (i64.extend_i32_u (local.get $end))
            (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16)))
        (then
          (if (i32.eq
                (memory.grow
                  (i32.sub
                    (i32.add (i32.shr_u (i32.sub (local.get $end) (i32.const 1)) (i32.const 16)) (i32.const 1))
                    (memory.size)))
                (i32.const -1))
            (then unreachable))))
      ;; keep what a grown allocation held
      (if (local.get $old-size)
        (then
          (memory.copy
            (local.get $start)
            (local.get $old)
            (select (local.get $old-size) (local.get $new-size)
              (i32.lt_u (local.get $old-size) (local.get $new-size))))))
      (global.set $next (local.get $end))
      (local.get $start))

    ;; Takes the name's address and length; returns the address of the greeting's address and length.
    (func (export "greet") (param $name i32) (param $length i32) (result i32)
      (local $text i32)
      (local.set $text
        (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (i32.add (local.get $length) (i32.const 8))))
      (memory.copy (local.get $text) (i32.const 16) (i32.const 7))
      (memory.copy (i32.add (local.get $text) (i32.const 7)) (local.get $name) (local.get $length))
      (i32.store8 offset=7 (i32.add (local.get $text) (local.get $length)) (i32.const 33)) ;; !
      (i32.store (i32.const 0) (local.get $text))
      (i32.store (i32.const 4) (i32.add (local.get $length) (i32.const 8)))
      (i32.const 0)))

  (core instance $i (instantiate $main))
  (type $greet-type (func (param "name" string) (result string)))
  (alias core export $i "greet" (core func $greet-core))
  (alias core export $i "memory" (core memory $memory))
  (alias core export $i "cabi_realloc" (core func $realloc))
  (func $greet (type $greet-type)
    (canon lift (core func $greet-core) (memory $memory) (realloc $realloc) string-encoding=utf8))

  ;; The interface is exported as an instance that holds the function.
  (component $interface
    (type $greet-type (func (param "name" string) (result string)))
    (import "greet" (func $greet (type $greet-type)))
    (export "greet" (func $greet)))
  (instance $exported (instantiate $interface (with "greet" (func $greet))))
  (export "example:greeter/greet@0.1.0" (instance $exported)))
