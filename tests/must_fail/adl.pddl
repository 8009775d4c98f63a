; expect: unsupported: ADL (:adl)
(define (domain d) (:requirements :strips :adl))
