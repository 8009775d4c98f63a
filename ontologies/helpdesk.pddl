; What a help desk can do: assign tickets, repair and restart devices, close tickets.
; Types and predicates are those of helpdesk.ttl (technician(Ann), about(ticket_12, printer_7)) and a few more.
(define (domain helpdesk)
  (:requirements :strips :typing :negative-preconditions)
  (:types user ticket device network service permission - object
          employee guest - user
          technician - employee
          printer laptop server router - device)
  (:constants restart_server - permission)
  (:predicates
    (open_ticket ?t - ticket)
    (closed_ticket ?t - ticket)
    (about ?t - ticket ?x)
    (assigned_to ?t - ticket ?w - technician)
    (manages ?m - employee ?w - technician)
    (has_permission ?u - user ?p - permission)
    (depends_on ?x ?y)
    (broken ?d - device)
    (working ?d - device)
    (repaired ?d - device))

  (:action assign
    :parameters (?m - employee ?w - technician ?t - ticket)
    :precondition (and (manages ?m ?w) (open_ticket ?t) (not (assigned_to ?t ?w)))
    :effect (assigned_to ?t ?w))

  (:action repair
    :parameters (?w - technician ?d - device)
    :precondition (broken ?d)
    :effect (and (not (broken ?d)) (repaired ?d) (working ?d)))

  (:action restart
    :parameters (?w - technician ?s - server)
    :precondition (and (has_permission ?w restart_server) (not (broken ?s)) (not (working ?s)))
    :effect (working ?s))

  (:action close_ticket
    :parameters (?w - technician ?t - ticket ?d - device)
    :precondition (and (open_ticket ?t) (assigned_to ?t ?w) (about ?t ?d) (working ?d))
    :effect (and (not (open_ticket ?t)) (closed_ticket ?t)))

  ; the thing itself is sound; what it depends on was the cause, and has been repaired
  (:action close_with_cause
    :parameters (?w - technician ?t - ticket ?x - (either device network service) ?cause - device)
    :precondition (and (open_ticket ?t) (assigned_to ?t ?w) (about ?t ?x) (depends_on ?x ?cause)
                       (repaired ?cause) (not (broken ?x)))
    :effect (and (not (open_ticket ?t)) (closed_ticket ?t))))
