; expect: unsupported: universal quantification (forall)
(define (domain d) (:predicates (p ?x))
  (:action a :parameters () :precondition (forall (?x) (p ?x)) :effect (p a)))
