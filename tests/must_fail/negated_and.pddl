; expect: unsupported: negation of a compound condition
(define (domain d) (:predicates (p) (q))
  (:action a :parameters () :precondition (not (and (p) (q))) :effect (p)))
