; expect: 'on' takes 2 arguments, found 1
(define (domain d) (:predicates (on ?x ?y))
  (:action a :parameters (?x) :precondition (on ?x) :effect (not (on ?x ?x))))
