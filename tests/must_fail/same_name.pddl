; expect: action 'pick_up' is defined twice
(define (domain d) (:predicates (p))
  (:action pick-up :parameters () :effect (p))
  (:action PICK_UP :parameters () :effect (not (p))))
