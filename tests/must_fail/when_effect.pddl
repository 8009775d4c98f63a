; expect: unsupported: conditional effects (when)
(define (domain d) (:predicates (p) (q))
  (:action a :parameters () :precondition () :effect (when (p) (q))))
