; expect: 'cat' is a type, not a predicate
(define (domain d) (:types cat) (:predicates (p ?x))
  (:action a :parameters (?x) :precondition (cat ?x) :effect (p ?x)))
