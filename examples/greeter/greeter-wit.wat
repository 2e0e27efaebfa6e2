;; The WIT package example:greeter@0.1.0 in binary form: one exported type for the interface, one for the world.
(component
  (type
    (component
      (type
        (instance
          (type (func (param "name" string) (result string)))
          (export "greet" (func (type 0)))))
      (export "example:greeter/greet@0.1.0" (instance (type 0)))))
  (export "greet" (type 0))
  (type
    (component
      (type
        (component
          (type
            (instance
              (type (func (param "name" string) (result string)))
              (export "greet" (func (type 0)))))
          (export "example:greeter/greet@0.1.0" (instance (type 0)))))
      (export "example:greeter/greeter@0.1.0" (component (type 0)))))
  (export "greeter" (type 2))
  (@custom "package-docs" "\01{\22worlds\22:{\22greeter\22:{\22docs\22:\22A component that can greet and needs nothing.\22}},\22interfaces\22:{\22greet\22:{\22docs\22:\22Says hello.\22,\22funcs\22:{\22greet\22:{\22docs\22:\22Greets somebody by name.\22}}}}}")
  (@custom "wit-component-encoding" "\04\00"))
