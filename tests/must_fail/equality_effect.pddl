; expect: unsupported: equality in an effect
(define (domain d) (:predicates (p))
  (:action a :parameters (?x ?y) :effect (= ?x ?y)))
