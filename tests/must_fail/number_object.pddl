; expect: unsupported: numbers (3)
(define (domain d) (:constants 3))
