; expect: unsupported: durative actions (:durative-action)
(define (domain d) (:durative-action a :parameters () :duration (= ?duration 1)))
