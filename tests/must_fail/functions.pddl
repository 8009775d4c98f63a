; expect: unsupported: numeric fluents (:functions)
(define (domain d) (:functions (total-cost)))
