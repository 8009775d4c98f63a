; expect: is its own supertype
(define (domain d) (:types cat - animal animal - thing thing - cat))
