/*  A second checker of derivations, written from docs/certificates.md and sharing nothing with the kernel.

    It reads terms from a stream, and never runs any of them:

        theory(Id, World, Semantics, [claim(Label, Statement), ...]).     World: open, closed
        problem(Id, TheoryId, Goal, cert(Outcome, Evidence)).             Semantics: classical, chaining
        Evidence:   derivation(Steps, Model), not_derivable(Model)        Model: none, perfect(...), wf(...)
        Model:      perfect(Supports, [level(Predicate, Level), ...]),
                    wf([stage(Possible, Supports), ...], Reasons)
        Support:    sup(Literal, Label, RuleNumber, Binding)              Binding: [b(Variable, Term), ...]
        Step:       step(Conclusion, By, [PremiseNumber, ...])
        By:         given(Label), apply(Label, RuleNumber, Binding), compute, conjunction, disjunction,
                    witness(Binding), contradiction, in_model
        Formula:    atom(P, Terms), eq(A, B), less(A, B, strict), less(A, B, weak), not(F), and(Fs), or(Fs),
                    xor(A, B), implies(A, B), iff(A, B), forall(Variables, F), exists(Variables, F),
                    naf(atom(P, Terms));  a statement also: rule(Head, Body)
        Term:       v(Name), c(Name), n(Numerator, Denominator), f(Name, Terms)

    For each problem it writes a line: the id and `refused`; or the id, `ok` and the numbers of the claims
    (from 1) that the theorem rests on, with `cw` for the closed world.

        swipl -q -f none -g main -t 'halt(2)' second_checker.pl < problems
*/

:- use_module(library(lists)).
:- use_module(library(apply)).
:- use_module(library(solution_sequences)).

:- dynamic theory/4, fact/3.        % fact(Set, SignedPredicate, Arguments); sets: t true, p possible, k known

inferences(30_000_000).
most_rules(2000).

main :-
    set_stream(user_input, encoding(utf8)),
    repeat,
        read_term(user_input, Term, [syntax_errors(error), double_quotes(codes)]),
        entry(Term),
    !,
    halt(0).

entry(end_of_file).
entry(theory(Id, World, Semantics, Claims)) :-
    assertz(theory(Id, World, Semantics, Claims)),
    fail.
entry(problem(Id, T, Goal, Certificate)) :-
    verdict(T, Goal, Certificate, Verdict),
    atomic_list_concat([Id | Verdict], ' ', Line),
    writeln(Line),
    fail.

verdict(T, Goal, Certificate, Verdict) :-
    inferences(Most),
    (   catch(call_with_inference_limit(accepted(T, Goal, Certificate, Used), Most, Result), _, fail),
        Result \== inference_limit_exceeded
    ->  Verdict = [ok | Used]
    ;   Verdict = [refused]
    ),
    retractall(fact(_, _, _)).

%!  What is known of the question: w(World, Semantics, Claims, Domain, ByAbsence)

accepted(T, Goal, cert(Outcome, Evidence), Used) :-
    theory(T, World, Semantics, Claims),
    proper_goal(Goal),
    ( Outcome == inconsistent -> About = or([]) ; About = Goal ),
    domain(Claims, About, Domain),
    ( by_absence(World, Claims) -> Absence = yes ; Absence = no ),
    W = w(World, Semantics, Claims, Domain, Absence),
    checked(Evidence, Outcome, Goal, W, Labels),
    !,
    numbered(Labels, Claims, Used).

numbered(all, Claims, Used) :-
    !,
    length(Claims, N),
    numlist(1, N, Numbers),
    append(Numbers, [cw], Used).
numbered(Labels, Claims, Used) :-
    findall(N, (nth1(N, Claims, claim(L, _)), memberchk(label(L), Labels)), Numbers),
    ( memberchk(closed_world, Labels) -> append(Numbers, [cw], Used) ; Used = Numbers ).

proper_goal(Goal) :-
    free(Goal, []),
    forall(( literal_in(Goal, A), top_term(A, T) ),
           ( \+ reserved_in(T), \+ misplaced(A, T) )).

reserved_in(T) :-
    subterm(T, S),
    ( S = c(Name) ; S = f(Name, _) ),
    sub_atom(Name, 0, _, _, '$sk').

misplaced(A, T) :-
    (   A = atom(P, As), \+ ( P == integer, As = [_] )
    ->  subterm(T, S), arithmetic(S)
    ;   misplaced(T)
    ).
misplaced(f(F, As)) :-
    (   arithmetic(f(F, As))
    ->  (   \+ operands(F, As)
        ;   member(A, As), misplaced(A)
        )
    ;   member(A, As), subterm(A, S), arithmetic(S)
    ).

operands(_, [_, _]).
operands(-, [_]).

by_absence(closed, _) :- !.
by_absence(_, Claims) :- member(claim(_, rule(_, Body)), Claims), memberchk(naf(_), Body), !.

%   Names that differ are different things; claims count as rules only.
unique(w(_, _, _, _, yes)) :- !.
unique(w(_, chaining, _, _, _)).
as_rules(w(closed, _, _, _, _)) :- !.
as_rules(w(_, chaining, _, _, _)).

% --- terms and formulas ------------------------------------------------------------------

arithmetic(f(F, _)) :- memberchk(F, [+, -, *]).

subterm(T, T).
subterm(f(_, As), S) :- member(A, As), subterm(A, S).

ground_term(T) :- \+ subterm(T, v(_)).

literal_in(F, F) :- comparison_or_atom(F).
literal_in(not(F), A) :- literal_in(F, A).
literal_in(naf(F), A) :- literal_in(F, A).
literal_in(forall(_, F), A) :- literal_in(F, A).
literal_in(exists(_, F), A) :- literal_in(F, A).
literal_in(and(Fs), A) :- member(F, Fs), literal_in(F, A).
literal_in(or(Fs), A) :- member(F, Fs), literal_in(F, A).
literal_in(F, A) :- two(F, _, B, C), ( literal_in(B, A) ; literal_in(C, A) ).
literal_in(rule(H, Body), A) :- member(F, [H | Body]), literal_in(F, A).

comparison_or_atom(atom(_, _)).
comparison_or_atom(eq(_, _)).
comparison_or_atom(less(_, _, _)).

two(xor(A, B), xor, A, B).
two(implies(A, B), implies, A, B).
two(iff(A, B), iff, A, B).

top_term(atom(_, Ts), T) :- member(T, Ts).
top_term(eq(A, B), T) :- member(T, [A, B]).
top_term(less(A, B, _), T) :- member(T, [A, B]).

free(F, Vs) :- findall(V, free_in(F, [], V), All), list_to_set(All, Vs).

free_in(not(F), B, V) :- free_in(F, B, V).
free_in(naf(F), B, V) :- free_in(F, B, V).
free_in(and(Fs), B, V) :- member(F, Fs), free_in(F, B, V).
free_in(or(Fs), B, V) :- member(F, Fs), free_in(F, B, V).
free_in(forall(Vs, F), B, V) :- append(Vs, B, C), free_in(F, C, V).
free_in(exists(Vs, F), B, V) :- append(Vs, B, C), free_in(F, C, V).
free_in(F, B, V) :- two(F, _, G, H), ( free_in(G, B, V) ; free_in(H, B, V) ).
free_in(rule(H, Body), B, V) :- member(F, [H | Body]), free_in(F, B, V).
free_in(F, B, V) :- comparison_or_atom(F), top_term(F, T), subterm(T, v(V)), \+ memberchk(V, B).

%!  put(F, S, G): S is a list of Variable-Term, of which the first counts

put(v(V), S, T) :- !, ( memberchk(V-U, S) -> T = U ; T = v(V) ).
put(c(N), _, c(N)) :- !.
put(n(N, D), _, n(N, D)) :- !.
put(f(F, As), S, f(F, Bs)) :- !, put_all(As, S, Bs).
put(atom(P, As), S, atom(P, Bs)) :- !, put_all(As, S, Bs).
put(eq(A, B), S, eq(C, D)) :- !, put(A, S, C), put(B, S, D).
put(less(A, B, How), S, less(C, D, How)) :- !, put(A, S, C), put(B, S, D).
put(not(F), S, not(G)) :- !, put(F, S, G).
put(naf(F), S, naf(G)) :- !, put(F, S, G).
put(and(Fs), S, and(Gs)) :- !, put_all(Fs, S, Gs).
put(or(Fs), S, or(Gs)) :- !, put_all(Fs, S, Gs).
put(forall(Vs, F), S, forall(Vs, G)) :- !, unshadowed(S, Vs, R), captures_nothing(R, Vs, F), put(F, R, G).
put(exists(Vs, F), S, exists(Vs, G)) :- !, unshadowed(S, Vs, R), captures_nothing(R, Vs, F), put(F, R, G).
put(F, S, G) :- two(F, Kind, A, B), put(A, S, C), put(B, S, D), two(G, Kind, C, D).

put_all([], _, []).
put_all([A | As], S, [B | Bs]) :- put(A, S, B), put_all(As, S, Bs).

unshadowed(S, Vs, R) :- exclude([V-_]>>memberchk(V, Vs), S, R).

captures_nothing(S, Vs, F) :-
    \+ ( member(V-T, S), subterm(T, v(W)), memberchk(W, Vs), free_in(F, [], V) ).

negation(not(F), F) :- !.
negation(F, not(F)).

opposite(not(F), F) :- !.
opposite(and(Fs), or(Gs)) :- !, maplist(opposite, Fs, Gs).
opposite(or(Fs), and(Gs)) :- !, maplist(opposite, Fs, Gs).
opposite(implies(A, B), and([A, C])) :- !, opposite(B, C).
opposite(forall(Vs, F), exists(Vs, G)) :- !, opposite(F, G).
opposite(exists(Vs, F), forall(Vs, G)) :- !, opposite(F, G).
opposite(F, not(F)).

% --- the active domain -------------------------------------------------------------------

%!  domain(Claims, Goal, d(Terms, Endless))

domain(Claims, Goal, d(Terms, Endless)) :-
    findall(S, ( ( member(claim(_, F), Claims) ; F = Goal ), thing_in(F, S) ), All),
    sort(All, Found),
    ( Found == [] -> Terms = [c('$any')] ; Terms = Found ),
    (   member(claim(_, F), Claims),
        literal_in(F, A), top_term(A, T), subterm(T, S), S = f(_, _),
        \+ arithmetic(S), \+ ground_term(S)
    ->  Endless = yes
    ;   Endless = no
    ).

thing_in(F, S) :-
    literal_in(F, A), top_term(A, T), subterm(T, S),
    S \= v(_), \+ arithmetic(S), ground_term(S).

in_domain(_, d(_, yes)) :- !.
in_domain(T, d(Terms, _)) :- memberchk(T, Terms).

each_thing(d(_, yes), _) :- !, throw(endless).
each_thing(d(Terms, _), T) :- member(T, Terms).

%!  assignment(Variables, Domain, Substitution): every way to give them things, by backtracking

assignment([], _, []).
assignment([V | Vs], D, S) :- assignment(Vs, D, R), each_thing(D, T), append(R, [V-T], S).

% --- what terms settle -------------------------------------------------------------------

number_of(n(N, D), X) :- X is N rdiv D.
number_of(f(+, [A, B]), X) :- number_of(A, Y), number_of(B, Z), X is Y + Z.
number_of(f(-, [A, B]), X) :- number_of(A, Y), number_of(B, Z), X is Y - Z.
number_of(f(-, [A]), X) :- number_of(A, Y), X is - Y.
number_of(f(*, [A, B]), X) :- number_of(A, Y), number_of(B, Z), X is Y * Z.

%!  computes(F, Unique, Value): fails where the terms settle nothing

computes(not(F), U, Value) :- !, computes(F, U, V), other(V, Value).
computes(eq(A, B), U, Value) :-
    ground_term(A), ground_term(B),
    (   ( arithmetic(A) ; arithmetic(B) )
    ->  number_of(A, X), number_of(B, Y),
        ( X =:= Y -> Value = true ; Value = false )
    ;   A == B
    ->  Value = true
    ;   ( U == yes ; A = n(_, _), B = n(_, _) )
    ->  Value = false
    ).
computes(less(A, B, How), _, Value) :-
    number_of(A, X), number_of(B, Y),
    ( ( How == strict -> X < Y ; X =< Y ) -> Value = true ; Value = false ).

other(true, false).
other(false, true).

unique_flag(W, U) :- ( unique(W) -> U = yes ; U = no ).

% --- the rules of a claim ----------------------------------------------------------------

rules_of(World, Statement, Rules) :-
    catch(plain_rules(Statement, Found), outside, fail),
    \+ ( member(rule(_, Body), Found), member(B, Body), literal_in(B, atom(integer, _)) ),
    ( World == closed -> maplist(by_absence_read, Found, Rules) ; Rules = Found ).

plain_rules(rule(H, B), [rule(H, B)]) :- !.
plain_rules(F, Rules) :-
    renamed(F, [], 0, _, G),
    few(R, rule_in(G, [], R), Rules).

few(X, Goal, Xs) :-
    most_rules(Most),
    Limit is Most + 1,
    findall(X, limit(Limit, Goal), Xs),
    length(Xs, N),
    ( N > Most -> throw(outside) ; true ).

by_absence_read(rule(H, B), rule(H, C)) :- maplist(absent_if_negated, B, C).

absent_if_negated(not(atom(P, As)), naf(atom(P, As))) :- !.
absent_if_negated(L, L).

rule_in(forall(_, F), B, R) :- !, rule_in(F, B, R).
rule_in(and(Fs), B, R) :- !, member(F, Fs), rule_in(F, B, R).
rule_in(implies(F, G), B, R) :- !, body_in(F, C), append(B, C, D), rule_in(G, D, R).
rule_in(iff(F, G), B, R) :- !, ( rule_in(implies(F, G), B, R) ; rule_in(implies(G, F), B, R) ).
rule_in(not(exists(_, and(Fs))), [], R) :-
    append(Init, [atom(P, As)], Fs), Init \== [], !,
    body_in(and(Init), C), R = rule(not(atom(P, As)), C).
rule_in(not(exists(_, atom(P, As))), [], rule(not(atom(P, As)), [])) :- !.
rule_in(atom(P, As), B, rule(atom(P, As), B)) :- !.
rule_in(not(atom(P, As)), B, rule(not(atom(P, As)), B)) :- !.
rule_in(not(not(F)), B, R) :- !, rule_in(F, B, R).
rule_in(_, _, _) :- throw(outside).

body_in(F, [F]) :- comparison_or_atom(F), !.
body_in(not(F), [not(F)]) :- comparison_or_atom(F), !.
body_in(not(not(F)), B) :- !, body_in(F, B).
body_in(exists(_, F), B) :- !, body_in(F, B).
body_in(and(Fs), B) :- !, maplist([F, Bs]>>few(C, body_in(F, C), Bs), Fs, Ways), chosen(Ways, B).
body_in(or([F | Fs]), B) :- !, member(G, [F | Fs]), body_in(G, B).
body_in(_, _) :- throw(outside).

chosen([], []).
chosen([Ways | More], B) :- member(C, Ways), chosen(More, D), append(C, D, B).

renamed(F, S, N, N, G) :- comparison_or_atom(F), !, put(F, S, G).
renamed(not(F), S, N, M, not(G)) :- !, renamed(F, S, N, M, G).
renamed(and(Fs), S, N, M, and(Gs)) :- !, renamed_all(Fs, S, N, M, Gs).
renamed(or(Fs), S, N, M, or(Gs)) :- !, renamed_all(Fs, S, N, M, Gs).
renamed(forall(Vs, F), S, N, M, forall(Ws, G)) :- !, fresh(Vs, S, N, K, Ws, T), renamed(F, T, K, M, G).
renamed(exists(Vs, F), S, N, M, exists(Ws, G)) :- !, fresh(Vs, S, N, K, Ws, T), renamed(F, T, K, M, G).
renamed(F, S, N, M, G) :-
    two(F, Kind, A, B), renamed(A, S, N, K, C), renamed(B, S, K, M, D), two(G, Kind, C, D).

renamed_all([], _, N, N, []).
renamed_all([F | Fs], S, N, M, [G | Gs]) :- renamed(F, S, N, K, G), renamed_all(Fs, S, K, M, Gs).

fresh([], S, N, N, [], S).
fresh([V | Vs], S, N, M, [W | Ws], T) :-
    K is N + 1, atom_concat(v, K, W), fresh(Vs, [V-v(W) | S], K, M, Ws, T).

%!  variables of a rule that no atom or negated atom of its body binds

unbound(rule(H, B), Vs) :-
    free(rule(H, B), All),
    exclude([V]>>( member(L, B), signed(L), free_in(L, [], V) ), All, Vs).

signed(atom(_, _)).
signed(not(atom(_, _))).

%!  the ground instance of a rule of a claim

instance(W, Label, Index, Binding, rule(H, B)) :-
    W = w(World, _, Claims, Domain, Absence),
    memberchk(claim(Label, Statement), Claims),
    rules_of(World, Statement, Rules),
    integer(Index), nth0(Index, Rules, Rule),
    substitution(Binding, Domain, S),
    free(Rule, Vs),
    forall(member(V, Vs), memberchk(V-_, S)),
    (   Absence == yes
    ->  unbound(Rule, Loose),
        forall(member(V, Loose), ( memberchk(V-T, S), in_domain(T, Domain) ))
    ;   true
    ),
    Rule = rule(H0, B0),
    put(H0, S, H),
    put_all(B0, S, B).

%!  The last binding of a variable counts; no variables, sums, or numerals of their own.

substitution(Binding, Domain, S) :-
    forall(( member(b(_, T), Binding), subterm(T, U) ), thing(U, Domain)),
    findall(V-T, member(b(V, T), Binding), Pairs),
    reverse(Pairs, S).

thing(T, d(Terms, _)) :-
    T \= v(_), \+ arithmetic(T),
    ( T = n(_, _) -> memberchk(T, Terms) ; true ).

% --- derivations -------------------------------------------------------------------------

checked(derivation(Steps, Model), Outcome, Goal, W, Labels) :-
    Steps \== [],
    ( Model == none -> Seen = no ; model(Model, W, _), Seen = yes ),
    S =.. [steps | Steps],
    length(Steps, N),
    forall(nth0(I, Steps, Step), step_holds(Step, I, N, S, Outcome, W, Seen)),
    last(Steps, step(Last, _, _)),
    concludes(Outcome, Last, Goal, W),
    rests_on(S, N, Labels).
checked(not_derivable(Model), unknown, Goal, W, all) :-
    W = w(World, Semantics, Claims, Domain, Absence),
    model(Model, W, exact),
    negation(Goal, Negation), opposite(Goal, Opposite),
    \+ ( member(F, [Goal, Negation, Opposite, not(Goal)]), memberchk(claim(_, F), Claims) ),
    (   World == closed
    ->  \+ certain(Goal, [], true, Domain),
        \+ certain(Goal, [], false, Domain),
        \+ broken(W)
    ;   once(( Absence == yes ; Semantics == chaining )),
        \+ derivable(Goal, [], Domain),
        \+ derivable(Opposite, [], Domain),
        ( Semantics == chaining -> true ; \+ ( holds(t, not(A)), holds(t, A) ) )
    ).

concludes(proved, Goal, Goal, _).
concludes(disproved, Last, Goal, _) :-
    negation(Goal, N), opposite(Goal, O),
    memberchk(Last, [N, O, not(Goal)]).
concludes(inconsistent, or([]), _, w(_, Semantics, _, _, _)) :- Semantics \== chaining.

step_holds(step(Conclusion, By, Numbers), I, N, Steps, Outcome, W, Seen) :-
    premises(Numbers, I, Steps, Premises),
    holds_by(By, Conclusion, Premises, W, Seen),
    (   Outcome \== inconsistent, as_rules(W), once(( By = apply(_, _, _) ; By = given(_), I < N - 1 ))
    ->  literal_here(Conclusion, W)
    ;   true
    ),
    !.

literal_here(atom(_, _), _).
literal_here(not(atom(_, _)), w(open, _, _, _, _)).

premises([], _, _, []).
premises([P | Ps], I, Steps, [C | Cs]) :-
    integer(P), P >= 0, P < I,
    A is P + 1, arg(A, Steps, step(C, _, _)),
    premises(Ps, I, Steps, Cs).

holds_by(given(Label), F, [], w(_, _, Claims, _, _), _) :-
    memberchk(claim(Label, G), Claims),
    F == G.
holds_by(apply(Label, Index, Binding), F, Premises, W, _) :-
    instance(W, Label, Index, Binding, rule(H, B)),
    H == F, B == Premises.
holds_by(compute, F, [], W, _) :-
    F \= naf(_),
    W = w(_, _, _, Domain, _),
    (   unique(W), forall(( literal_in(F, A), top_term(A, T), \+ arithmetic(T) ), in_domain(T, Domain))
    ->  U = yes
    ;   U = no
    ),
    computes(F, U, true).
holds_by(conjunction, and(Fs), Premises, _, _) :- Fs == Premises.
holds_by(disjunction, or(Fs), [P], _, _) :- member(F, Fs), F == P, !.
holds_by(witness(Binding), exists(Vs, F), [P], w(World, _, _, Domain, _), _) :-
    findall(V, member(b(V, _), Binding), Vs),
    ( World == closed -> forall(member(b(_, T), Binding), in_domain(T, Domain)) ; true ),
    substitution(Binding, Domain, S),
    put(F, S, G),
    G == P.
holds_by(contradiction, or([]), [F, not(G)], w(_, Semantics, _, _, _), _) :-
    Semantics \== chaining,
    F == G.
holds_by(in_model, F, [], w(World, _, _, Domain, _), yes) :-
    free(F, []),
    (   F = naf(A)
    ->  \+ holds(p, A)
    ;   World == closed,
        certain(F, [], true, Domain)
    ).

%!  what the last step rests on: label(L), closed_world; `all` where it rests on absence

rests_on(Steps, N, Labels) :-
    reached([N], Steps, [], Reached),
    (   member(I, Reached), arg(I, Steps, step(_, in_model, _))
    ->  Labels = all
    ;   findall(L, ( member(I, Reached), arg(I, Steps, S), rests(S, L) ), Labels)
    ).

rests(step(_, given(L), _), label(L)).
rests(step(_, apply(L, _, _), _), label(L)).
rests(step(F, compute, _), closed_world) :- \+ computes(F, no, true).

reached([], _, Seen, Seen).
reached([I | Is], Steps, Seen, Reached) :-
    (   memberchk(I, Seen)
    ->  reached(Is, Steps, Seen, Reached)
    ;   arg(I, Steps, step(_, _, Ps)),
        findall(J, ( member(P, Ps), J is P + 1 ), Js),
        append(Js, Is, Todo),
        reached(Todo, Steps, [I | Seen], Reached)
    ).

% --- truth in a model --------------------------------------------------------------------

%!  certain(F, Env, Sign, Domain): Kleene's strong tables; throws where a comparison has no value

certain(not(F), E, Sign, D) :- !, other(Sign, S), certain(F, E, S, D).
certain(and(Fs), E, true, D) :- !, \+ ( member(F, Fs), \+ certain(F, E, true, D) ).
certain(and(Fs), E, false, D) :- !, member(F, Fs), certain(F, E, false, D), !.
certain(or(Fs), E, true, D) :- !, member(F, Fs), certain(F, E, true, D), !.
certain(or(Fs), E, false, D) :- !, \+ ( member(F, Fs), \+ certain(F, E, false, D) ).
certain(implies(A, B), E, Sign, D) :- !, certain(or([not(A), B]), E, Sign, D).
certain(iff(A, B), E, Sign, D) :- !, certain(and([or([not(A), B]), or([A, not(B)])]), E, Sign, D).
certain(xor(A, B), E, Sign, D) :- !, other(Sign, S), certain(iff(A, B), E, S, D).
certain(forall(Vs, F), E, true, D) :- !, \+ ( bound(Vs, E, D, G), \+ certain(F, G, true, D) ).
certain(forall(Vs, F), E, false, D) :- !, bound(Vs, E, D, G), certain(F, G, false, D), !.
certain(exists(Vs, F), E, true, D) :- !, bound(Vs, E, D, G), certain(F, G, true, D), !.
certain(exists(Vs, F), E, false, D) :- !, \+ ( bound(Vs, E, D, G), \+ certain(F, G, false, D) ).
certain(A, E, Sign, D) :-
    put(A, E, G),
    ( top_term(G, T), \+ arithmetic(T), \+ in_domain(T, D) -> throw(outside_the_domain) ; true ),
    ( G = atom(integer, _) -> throw(no_fact_of_rules) ; true ),
    (   G = atom(_, _)
    ->  ( Sign == true -> holds(t, G) ; \+ holds(p, G) )
    ;   computes(G, yes, Value)
    ->  Value == Sign
    ;   throw(no_number)
    ).

bound(Vs, E, D, G) :- assignment(Vs, D, S), append(S, E, G).

%!  derivable(F, Env, Domain): made of true literals by and, or, exists

derivable(and(Fs), E, D) :- !, \+ ( member(F, Fs), \+ derivable(F, E, D) ).
derivable(or(Fs), E, D) :- !, member(F, Fs), derivable(F, E, D), !.
derivable(exists(Vs, F), E, D) :- !, bound(Vs, E, D, G), derivable(F, G, D), !.
derivable(forall(_, _), _, _) :- !, fail.
derivable(not(not(F)), E, D) :- !, derivable(F, E, D).
derivable(not(and(Fs)), E, D) :- !, member(F, Fs), derivable(not(F), E, D), !.
derivable(not(or(Fs)), E, D) :- !, \+ ( member(F, Fs), \+ derivable(not(F), E, D) ).
derivable(not(exists(_, _)), _, _) :- !, fail.
derivable(L, E, _) :-
    ( L = not(A) -> true ; A = L ),
    ( comparison_or_atom(A), A \= atom(integer, _) -> true ; throw(no_rule_derives_it) ),
    put(L, E, G),
    ( signed(G) -> holds(t, G) ; computes(G, yes, true) ).

% --- models of rules ---------------------------------------------------------------------

key(atom(P, As), K, As) :- atom_concat(+, P, K).
key(not(atom(P, As)), K, As) :- atom_concat(-, P, K).

holds(Set, L) :- nonvar(L), !, ( L = not(A), var(A) -> negative(Set, A) ; key(L, K, As), once(fact(Set, K, As)) ).

negative(Set, atom(P, As)) :- fact(Set, K, As), atom_concat(-, P, K).

add(Set, L) :- ( holds(Set, L) -> true ; key(L, K, As), assertz(fact(Set, K, As)) ).

program(w(World, _, Claims, _, _), Program, Denials) :-
    maplist([claim(_, F), Rs]>>rules_of(World, F, Rs), Claims, Lists),
    append(Lists, All),
    (   World == closed
    ->  partition([rule(atom(_, _), _)]>>true, All, Program, Denials)
    ;   Program = All, Denials = []
    ).

%!  model(Model, W, Exact): what it says becomes facts of the sets t and p

model(perfect(Supports, Strata), W, exact) :-
    program(W, Program, _),
    reverse(Strata, Levels),
    forall(( member(rule(H, B), Program), member(L, B) ), layered(L, H, Levels)),
    supported(Supports, t, t, W),
    closed_under(Program, t, t, W),
    forall(fact(t, K, As), assertz(fact(p, K, As))).
model(wf(Stages, Reasons), W, Exact) :-
    program(W, Program, _),
    Stages \== [],
    forall(member(Stage, Stages), stage_holds(Stage, Program, W)),
    last(Stages, stage(_, Last)),
    (   Reasons \== [], Last == []
    ->  closed_under(Program, t, p, W),
        forall(fact(t, K, As), assertz(fact(k, K, As))),
        supported(Reasons, k, t, W),
        Set = k
    ;   Set = t
    ),
    ( ( fact(p, K, As), \+ once(fact(Set, K, As)) ; Set == t, fact(t, K, As), \+ once(fact(p, K, As)) )
    ->  Exact = inexact ; Exact = exact ).

stage_holds(stage(Possible, Supports), Program, W) :-
    retractall(fact(p, _, _)),
    maplist(add(p), Possible),
    closed_under(Program, p, t, W),
    supported(Supports, t, p, W).

layered(L, H, Levels) :-
    (   L = naf(A)
    ->  level(H, Levels, Top), level(A, Levels, Low), Low < Top
    ;   signed(L)
    ->  level(H, Levels, Top), level(L, Levels, Low), Low =< Top
    ;   true
    ).

level(L, Levels, N) :-
    ( L = not(atom(P, _)) -> true ; L = atom(P, _) ),
    ( memberchk(level(P, M), Levels) -> N = M ; N = 0 ).

%!  supported(Supports, Known, Present, W): each has a rule; what is absent is not in Present at the end

supported(Supports, Known, Present, W) :-
    W = w(World, _, _, _, _),
    unique_flag(W, U),
    foldl(support_holds(Known, U, World, W), Supports, [], Absent),
    \+ ( member(A, Absent), holds(Present, A) ).

support_holds(Known, U, World, W, sup(L, Label, Index, Binding), Absent, More) :-
    instance(W, Label, Index, Binding, rule(H, B)),
    H == L,
    \+ ( World == closed, H = not(_) ),
    findall(A, member(naf(A), B), New),
    append(New, Absent, More),
    forall(( member(F, B), F \= naf(_) ), ( signed(F), holds(Known, F) -> true ; computes(F, U, true) )),
    add(Known, H),
    !.

%!  closed_under(Rules, Have, Present, W): a rule whose body may hold has its head there

closed_under(Rules, Have, Present, W) :-
    \+ ( member(Rule, Rules), fires(Rule, Have, Present, W, H), \+ holds(Have, H) ).

fires(rule(H, B), Have, Present, w(World, Sem, Cs, D, Abs), Head) :-
    unique_flag(w(World, Sem, Cs, D, Abs), U),
    partition(signed, B, Positive, Rest),
    joined(Positive, Have, [], S),
    unbound(rule(H, B), Loose),
    bound(Loose, S, D, T),
    forall(member(L, Rest), may_hold(L, T, Present, U)),
    put(H, T, Head).

may_hold(naf(A), S, Present, _) :- !, put(A, S, G), \+ holds(Present, G).
may_hold(F, S, _, U) :- put(F, S, G), \+ computes(G, U, false).

joined([], _, S, S).
joined([L | Ls], Set, S, R) :-
    key(L, K, Patterns),
    same_length(Patterns, Terms),
    fact(Set, K, Terms),
    matched(Patterns, Terms, S, T),
    joined(Ls, Set, T, R).

matched([], [], S, S).
matched([P | Ps], [T | Ts], S, R) :- match(P, T, S, U), matched(Ps, Ts, U, R).

match(v(V), T, S, R) :- !, ( memberchk(V-U, S) -> U == T, R = S ; R = [V-T | S] ).
match(f(F, Ps), f(F, Ts), S, R) :- !, matched(Ps, Ts, S, R).
match(T, T, S, S).

%!  broken(W): an integrity constraint whose body is certain denies what is true

broken(W) :-
    program(W, _, Denials),
    member(rule(not(A), B), Denials),
    append(B, [A], C),
    fires(rule(or([]), C), t, p, W, _).
