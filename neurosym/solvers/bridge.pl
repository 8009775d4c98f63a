% The Prolog side of the seam: one predicate, one text in, one text out.
%
% Every loaded theory has a slot, a module of its own (s0 .. s7).  Names never arrive here:
% constants and numerals are integers, predicates and functions numbered atoms (quote.py).
%
%   e1(X,Y)        facts of predicate 1               vl(X, N, M)   numeral X is N/M
%   t(p1(X,Y), D)  tabled; D is the least depth       fa(p1(X,Y))   a tabled literal that is a fact
%   u(p1(X,Y))     tabled without depth, for tnot     rl(R, V, Ls)  the tabled premises of rule R
%   dm(X)          the active domain                  hd(L)         the tabled literals of the model
%   jt(P, J)       the noted rule instances of P's literals, in a trie
%   cl(G, Ref)     the clauses of group G: what is dropped together when a version changes
%   r(L, D)        as t, for calls that a linear recursion would fill many tables for; by
%   m(S, C, D)     the calls C that the call S leads to in D steps, and x(L, D), the other rules
%
% Answer subsumption (min) makes the depth of a literal the same in every table, so the noted
% premises of a literal are less deep than it is: proofs are read off without search, and are
% well-founded where the rules are cyclic.  Ties go to the first rule and binding, so a proof
% does not depend on the questions asked before.

:- module(neurosym, [request/2]).
:- use_module(library(lists)).
:- use_module(library(apply)).

% Rules that build ever larger terms end in an error early; the caller could not read terms
% much deeper than these.
bounded(T) :- term_size(T, N), ( N > 1000 -> throw(error(resource_error(term_size), _)) ; true ).

slot(S) :- member(S, [s0, s1, s2, s3, s4, s5, s6, s7]).

prepare(S) :-
    add_import_module(S, neurosym, start),
    forall(member(P, [t/2, u/1, r/2, m/3, x/2, dm/1, vl/3, rl/3, fa/1, hd/1, id/1, jt/2, cl/2, facts/1]), dynamic(S:P)),
    table(S:(t(_, min), u/1, r(_, min), m(_, _, min))),
    forall(built_in(S, C), assertz(S:C)).

built_in(_, (nt(P, L, D, R, V) :- jt(P, J), note(J, L, j(D, R, V)))).
built_in(_, (lt(A, B) :- vl(A, N, D), vl(B, M, E), N*E < M*D)).
built_in(_, (le(A, B) :- vl(A, N, D), vl(B, M, E), N*E =< M*D)).
built_in(_, (gt(A, B) :- vl(A, N, D), vl(B, M, E), N*E > M*D)).
built_in(_, (ge(A, B) :- vl(A, N, D), vl(B, M, E), N*E >= M*D)).
built_in(_, (ne(A, B) :- vl(A, _, _), vl(B, _, _), A \== B)).

note(J, L, New) :-
    (   trie_lookup(J, L, Old)
    ->  (   New @< Old -> trie_update(J, L, New) ; true )
    ;   trie_insert(J, L, New)
    ).

:- initialization(forall(slot(S), prepare(S))).

% --- requests -----------------------------------------------------------------------------

% The answer's first line is a word: ok, no, stale, or limit and error with what it was.
request(In, Out) :-
    catch(setup_call_cleanup(open_string(In, S), ( read(S, Q), answer(Q, S, Out) ), close(S)),
          E, failed(E, Out)).

failed(E, Out) :-
    (   subsumes_term(error(resource_error(_), _), E)
    ->  E = error(resource_error(What), _), format(string(Out), "limit~n~w", [What])
    ;   E == inference_limit_exceeded
    ->  Out = "limit\ninferences"
    ;   format(string(Out), "error~n~q", [E])
    ).

answer(limits(Stack, Tables), _, "ok") :-
    set_prolog_flag(stack_limit, Stack),
    set_prolog_flag(table_space, Tables).
answer(load(M, Id), S, "ok") :-
    clear(M),
    take(S, M),
    assertz(M:id(Id)).
% Another version of what is loaded: clauses dropped and added, and the tables that rested on
% them abolished.  Should it fail on the way, the slot has no version, and is loaded afresh.
answer(change(M, Old, _), _, "stale") :- \+ M:id(Old), !.
answer(change(M, _, New), S, "ok") :-
    retractall(M:id(_)),
    take(S, M),
    assertz(M:id(New)).
answer(ask(M, Id, _, _), _, Out) :- \+ M:id(Id), !, Out = "stale".
answer(ask(M, _, Limit, What), S, Out) :-
    read(S, Values),
    forall(( member(V, Values), \+ M:V ), assertz(M:V)),
    read(S, Goal),
    catch(call_with_inference_limit(once(find(What, M, Goal, Out0)), Limit, Result), E, true),
    (   nonvar(E) -> abandon(M), throw(E)
    ;   Result == inference_limit_exceeded -> abandon(M), Out = "limit\ninferences"
    ;   Out = Out0
    ).
answer(echo(T), _, Out) :- format(string(Out), "ok~n~w", [T]).

clear(M) :-
    abolish_module_tables(M),
    forall(M:jt(_, J), trie_destroy(J)),
    forall(M:facts(F), retractall(M:F)),
    forall(member(G, [t(_,_), u(_), r(_,_), m(_,_,_), x(_,_), dm(_), vl(_,_,_), rl(_,_,_), fa(_), hd(_), id(_), jt(_,_), cl(_,_), facts(_)]),
           retractall(M:G)).

take(S, M) :-
    nb_setval(group, none),
    repeat,
    read(S, C),
    (   C == end_of_file -> !
    ;   step(C, M), fail
    ).

step(group(G), _) :- !, nb_setval(group, G).
step(drop(G), M) :- !, forall(retract(M:cl(G, Ref)), erase(Ref)).
step(minus(F), M) :- !, retract(M:F), !.
step(touch(P, N), M) :- !, touch(M, P, N).
step(facts(F), M) :- !, functor(F, N, A), dynamic(M:N/A), ( M:facts(F) -> true ; assertz(M:facts(F)) ).
step(tb(P), M) :- !, ( M:jt(P, _) -> true ; trie_new(J), assertz(M:jt(P, J)) ).
step(vl(X, N, D), M) :- !, ( M:vl(X, _, _) -> true ; assertz(M:vl(X, N, D)) ).
step(C, M) :-
    nb_getval(group, G),
    (   G == none -> assertz(M:C)
    ;   assertz(M:C, Ref), assertz(M:cl(G, Ref))
    ).

% Abolish the tables of predicate P with N arguments, and what was noted of its literals.
touch(M, P, N) :-
    functor(L, P, N),
    forall(member(T, [t(L, _), u(L), r(L, _)]), abolish(M, T)),
    atom_concat(m, P, Moved),
    forall(( between(0, N, K), functor(Call, Moved, K) ), abolish(M, m(Call, _, _))),
    forall(retract(M:jt(P, J)), trie_destroy(J)),
    trie_new(New),
    assertz(M:jt(P, New)).

% A moded table is kept under another goal than the predicate's; abolish_table_subgoals/1 of
% SWI-Prolog 9 does not find it.
abolish(M, Goal) :-
    M:'$table_mode'(Goal, Variant, _),
    forall(( '$tbl_variant_table'(Variants), trie_gen(Variants, M:Variant, Table) ),
           '$tbl_destroy_table'(Table)).

% An exception between two steps of the tabling library (SWI-Prolog 9: start_tabling/3 before its
% cleanup is set up) leaves its component open and its table half filled; every later call of
% any table would wait for them.  Complete tables stay.
abandon(M) :-
    '$tbl_scc'(Component), !,
    '$tbl_table_discard_all'(Component),
    abandon(M).
abandon(M) :-
    forall(( '$tbl_variant_table'(Variants), trie_gen(Variants, M:_, Table),
             \+ '$tbl_table_status'(Table, complete, _, _) ),
           '$tbl_destroy_table'(Table)).

% --- finding -------------------------------------------------------------------------------

% Goal is g(Row, Literals, Depths) :- Body.  `one` gives the least deep solution (then the first
% row), `all` every row; both with the rule instances that prove the literals.
%
% A literal found through r is noted only when its proof is asked for.
find(one, M, (g(Row, Ls, Ds) :- Body), Out) :-
    findall(k(K, Row, Ls), ( M:Body, weight(Ds, 0, K) ), All),
    (   All == [] -> Out = "no"
    ;   least(All, k(_, Row1, Ls1)), prove(M, Ls1, Steps), write_out([Row1], Steps, Out)
    ).
find(all, M, (g(Row, Ls, Ds) :- Body), Out) :-
    findall(k(Row, K, Ls), ( M:Body, weight(Ds, 0, K) ), All0),
    sort(0, @<, All0, All),
    first_of_each(All, Rows, Lss),
    (   Rows == [] -> Out = "no"
    ;   prove(M, Lss, Steps), write_out(Rows, Steps, Out)
    ).
% Only whether there is a solution.
find(yes, M, (_ :- Body), Out) :- ( M:Body -> Out = "ok\n0" ; Out = "no" ).
% Every literal that the rules derive, least deep first.
find(model, M, _, Out) :-
    forall(M:hd(L), forall(M:t(L, _), true)),
    findall(s(D, R, V), ( M:jt(_, J), trie_gen(J, _, j(D, R, V)) ), Steps0),
    msort(Steps0, Steps),
    write_out([r], Steps, Out).

weight([], K, K) :- !.
weight([D|Ds], K0, K) :- !, weight(D, K0, K1), weight(Ds, K1, K).
weight(D, K0, K) :- K is K0+D.

least([X|Xs], L) :- foldl([A,B,C]>>( A @< B -> C = A ; C = B ), Xs, X, L).

first_of_each([], [], []).
first_of_each([k(Row, _, Ls)|Xs], [Row|Rows], [Ls|Lss]) :- others(Xs, Row, Ys), first_of_each(Ys, Rows, Lss).

others([k(Row0, _, _)|Xs], Row, Ys) :- Row0 == Row, !, others(Xs, Row, Ys).
others(Xs, _, Xs).

% The noted instance of each literal that the given ones rest on, least deep first.
prove(M, Literals, Steps) :-
    setup_call_cleanup(trie_new(Seen), gather([Literals], M, Seen, Steps0), trie_destroy(Seen)),
    msort(Steps0, Steps).

gather([], _, _, []).
gather([[]|Ls], M, Seen, Steps) :- !, gather(Ls, M, Seen, Steps).
gather([[L|Ls0]|Ls], M, Seen, Steps) :- !, gather([L,Ls0|Ls], M, Seen, Steps).
gather([L|Ls], M, Seen, Steps) :-
    (   trie_insert(Seen, L), \+ M:fa(L)
    ->  functor(L, P, _), M:jt(P, J),
        once(( trie_lookup(J, L, j(D, R, V)) ; M:t(L, _), trie_lookup(J, L, j(D, R, V)) )),
        M:rl(R, V, Premises), !,
        Steps = [s(D, R, V)|Steps1],
        gather([Premises|Ls], M, Seen, Steps1)
    ;   gather(Ls, M, Seen, Steps)
    ).

% "ok", the number of rows, the rows, and one line a step: rule and binding.
write_out(Rows, Steps, Out) :-
    length(Rows, N),
    with_output_to(string(Out),
                   ( format("ok~n~d~n", [N]),
                     forall(member(Row, Rows), ( Row =.. [_|Ts], line(Ts) )),
                     forall(member(s(_, R, V), Steps), ( V =.. [_|Ts], line([R|Ts]) )) )).

line([]) :- nl.
line([T|Ts]) :- write(T), ( Ts == [] -> true ; put_char(' ') ), line(Ts).
