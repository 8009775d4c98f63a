; expect: expected a domain, found a problem
(define (problem p) (:domain d) (:init) (:goal (and)))
