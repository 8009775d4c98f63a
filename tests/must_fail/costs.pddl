; expect: unsupported: requirement :action-costs
(define (domain d) (:requirements :action-costs))
