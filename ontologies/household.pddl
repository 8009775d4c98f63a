; What people can do in a household: walk, unlock, carry, switch devices, feed animals.
; Types and predicates are those of household.ttl (cat(Tom), located_in(Tom, kitchen_1), next_to(R, S)) and a few more.
(define (domain household)
  (:requirements :strips :typing :negative-preconditions :equality)
  (:types person animal room device item - object
          man woman - person
          mammal bird fish - animal
          cat dog - mammal
          canary - bird
          kitten - cat
          kitchen bedroom living_room - room
          lamp oven thermostat - device
          food key - item)
  (:predicates
    (located_in ?x - (either person animal device item) ?r - room)
    (next_to ?r ?s - room)             ; one can walk from ?r to ?s
    (locked ?r - room)
    (opens ?k - key ?r - room)
    (holds ?p - person ?i - item)
    (on ?d - device)                   ; the device is switched on
    (hungry ?a - animal)
    (fed ?a - animal))

  (:action walk
    :parameters (?p - person ?r ?s - room)
    :precondition (and (located_in ?p ?r) (next_to ?r ?s) (not (locked ?s)) (not (= ?r ?s)))
    :effect (and (not (located_in ?p ?r)) (located_in ?p ?s)))

  (:action unlock
    :parameters (?p - person ?k - key ?r ?s - room)
    :precondition (and (located_in ?p ?r) (next_to ?r ?s) (locked ?s) (holds ?p ?k) (opens ?k ?s))
    :effect (not (locked ?s)))

  (:action take
    :parameters (?p - person ?i - item ?r - room)
    :precondition (and (located_in ?p ?r) (located_in ?i ?r))
    :effect (and (holds ?p ?i) (not (located_in ?i ?r))))

  (:action put_down
    :parameters (?p - person ?i - item ?r - room)
    :precondition (and (located_in ?p ?r) (holds ?p ?i))
    :effect (and (located_in ?i ?r) (not (holds ?p ?i))))

  (:action switch_on
    :parameters (?p - person ?d - device ?r - room)
    :precondition (and (located_in ?p ?r) (located_in ?d ?r) (not (on ?d)))
    :effect (on ?d))

  (:action switch_off
    :parameters (?p - person ?d - device ?r - room)
    :precondition (and (located_in ?p ?r) (located_in ?d ?r) (on ?d))
    :effect (not (on ?d)))

  (:action feed
    :parameters (?p - person ?a - animal ?f - food ?r - room)
    :precondition (and (located_in ?p ?r) (located_in ?a ?r) (holds ?p ?f) (hungry ?a))
    :effect (and (fed ?a) (not (hungry ?a)) (not (holds ?p ?f)))))
