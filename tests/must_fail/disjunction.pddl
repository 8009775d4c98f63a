; expect: unsupported: disjunction (or)
(define (domain d) (:predicates (p) (q))
  (:action a :parameters () :precondition (and (or (p) (q))) :effect (p)))
