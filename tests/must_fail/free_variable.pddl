; expect: variable ?y is not a parameter
(define (domain d) (:predicates (on ?x ?y))
  (:action a :parameters (?x) :precondition (on ?x ?y) :effect (not (on ?x ?x))))
