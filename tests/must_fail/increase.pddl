; expect: unsupported: numeric effects
(define (domain d) (:predicates (p))
  (:action a :parameters () :precondition () :effect (and (p) (increase (total-cost) 1))))
