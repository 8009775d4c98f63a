; expect: unsupported: derived predicates (:derived)
(define (domain d) (:predicates (p)) (:derived (p) (and)))
