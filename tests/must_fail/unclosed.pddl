; expect: this '(' is never closed
(define (domain d) (:predicates (p))
