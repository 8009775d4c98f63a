; expect: after the end of the definition
(define (domain d)) (define (domain e))
