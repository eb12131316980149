import sys
from collections import defaultdict,Counter
from pathlib import Path
from scs_kg import store
from scs_kg.judging import judge as J
from scs_kg.model.formula import value
from scs_kg.model.namespaces import *
from scs_kg.rules import criteria as C
ds=store.load(Path('.')); J.derive(ds)
ev=J.evidence(ds)
crits={c.iri:c for c in C.read_criteria(ds)}
def cond(subj):
    return [C._shape(C._Reader(ds,store.text(s)),s) for s in store.objects(ds,NamedNode(subj),SCS+'appliesIf')]
from scs_kg.store import NamedNode
def one(s,p):
    o=store.objects(ds,NamedNode(s),SCS+p); return store.text(o[0]) if o else None
provs=[store.text(s) for s in store.subjects(ds,RDF+'type',SCS+'Provision')]
by=defaultdict(list)
for p in provs: by[one(p,'inReading'),one(p,'principle')].append(p)
def val(forms,known):
    vs=[value(f,known) for f in forms]
    return False if False in vs else None if None in vs else True
def cell(reading,principle,system):
    known=ev[system].known; rule=local_id(one(reading,'cellRule'))
    scope=val(cond(principle)+cond(one(principle,'inGuideline'))+cond(reading),known)
    if scope is False: return '- outside'
    crit=defaultdict(list)
    for p in by[reading,principle]:
        if one(p,'role')==SCS+'Deciding': crit[one(p,'criterion')].append(p)
    if not crit: return '.'
    n=Counter();why={}
    for c,ps in crit.items():
        k=crits[c]
        applies=[val(cond(p)+([k.applies_if] if k.applies_if else []),known) for p in ps]
        a=True if True in applies else None if None in applies else False
        if a is False: continue
        m=value(k.formula,known)
        if a is None or m is None: n['open']+=1; continue
        ok=m is k.upholds; n['met' if ok else 'not']+=1
        why[local_id(c)]=('+' if ok else 'x' if any(one(p,'force')==SCS+'Plain' for p,x in zip(ps,applies) if x) else '(x)')
    of=sum(n.values())
    if not of: return '-'
    if n['not']: mark='x' if 'x' in why.values() or rule=='AnyCriterion' else '(x)'
    elif n['met']==of or(n['met'] and rule=='AnyCriterion'): mark='V'
    elif n['met']: mark='p'
    else: mark='?'
    return f"{mark} {n['met']}/{n['not']}/{n['open']} {why} {'assumed' if scope is None else ''}"
if __name__=='__main__':
    systems=sorted(ev)
    for (r,p) in sorted(by):
        if len(sys.argv)>1 and not any(a in r for a in sys.argv[1:]): continue
        for s in systems:
            c=cell(r,p,s)
            if c[0] not in '?.' and not c.startswith('-'): print(local_id(r)[:12],p.rsplit('/',1)[-1][:22],local_id(s),c)
    tot=Counter()
    for (r,p) in by:
        for s in systems: tot[local_id(r),cell(r,p,s).split()[0]+('o' if 'outside' in cell(r,p,s) else '')]+=1
    for k in sorted(tot): print(k,tot[k])
