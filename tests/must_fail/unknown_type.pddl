; expect: unknown type 'cta'
(define (domain d) (:types cat) (:predicates (p ?x - cta)))
