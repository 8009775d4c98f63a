; expect: 'onn' is not a declared predicate
(define (domain d) (:predicates (on ?x ?y))
  (:action a :parameters (?x) :precondition () :effect (onn ?x ?x)))
