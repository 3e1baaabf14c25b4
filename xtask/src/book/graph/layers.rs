//! In which layer every node lies, and in which order: edges lead to the right where they can, and cross little.

use super::model::Joined;

/// The rounds of sorting by neighbours. More change nothing in the pictures that there are.
const ROUNDS: usize = 12;

/// The layers of a graph.
pub(super) struct Layers {
    /// Per layer its members from top to bottom.
    pub members: Vec<Vec<Member>>,
    /// Per edge the members that it passes, if it leads to the right; else none.
    pub paths: Vec<Option<Vec<Member>>>,
    /// Nodes without any edge to another.
    pub alone: Vec<usize>,
}

impl Layers {
    /// The layer of a node.
    pub fn of(&self, node: usize) -> usize {
        let is_in = |layer: &Vec<Member>| layer.contains(&Member::Node(node));
        self.members.iter().position(is_in).unwrap_or(0)
    }
}

/// Something that takes a place in a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Member {
    /// A node by its number.
    Node(usize),
    /// Where an edge passes a layer: the number of the edge, and of the layer.
    Pass(usize, usize),
}

/// Lays out a number of nodes.
pub(super) fn of(count: usize, edges: &[Joined]) -> Layers {
    let others =
        |node: usize| edges.iter().any(|edge| edge.from != edge.to && (edge.from == node || edge.to == node));
    let alone: Vec<usize> = (0..count).filter(|node| !others(*node)).collect();
    let forward = forward(count, edges);
    let depth = depths(count, edges, &forward);
    let last = depth.iter().max().map_or(0, |most| most + 1);
    let mut members: Vec<Vec<Member>> = vec![Vec::new(); last];
    for node in (0..count).filter(|node| !alone.contains(node)) {
        members[depth[node]].push(Member::Node(node));
    }
    let mut paths = Vec::new();
    for (number, edge) in edges.iter().enumerate() {
        if !forward[number] {
            paths.push(None);
            continue;
        }
        let mut path = vec![Member::Node(edge.from)];
        for (layer, inside) in members.iter_mut().enumerate().take(depth[edge.to]).skip(depth[edge.from] + 1)
        {
            inside.push(Member::Pass(number, layer));
            path.push(Member::Pass(number, layer));
        }
        path.push(Member::Node(edge.to));
        paths.push(Some(path));
    }
    members.retain(|layer| !layer.is_empty());
    sort(&mut members, &paths);
    Layers { members, paths, alone }
}

/// Which edges lead to the right: all but those that close a circle, found depth first from the first node on.
fn forward(count: usize, edges: &[Joined]) -> Vec<bool> {
    let mut forward = vec![true; edges.len()];
    let mut state = vec![State::New; count];
    let has_incoming = |node: usize| edges.iter().any(|edge| edge.to == node && edge.from != node);
    let roots = (0..count).filter(|node| !has_incoming(*node)).chain(0..count);
    for root in roots {
        visit(root, edges, &mut state, &mut forward);
    }
    forward
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

fn visit(node: usize, edges: &[Joined], state: &mut [State], forward: &mut [bool]) {
    if state[node] != State::New {
        return;
    }
    state[node] = State::Open;
    for (number, edge) in edges.iter().enumerate().filter(|(_, edge)| edge.from == node) {
        match state[edge.to] {
            State::Open => forward[number] = false,
            State::New => visit(edge.to, edges, state, forward),
            State::Done => {}
        }
    }
    state[node] = State::Done;
}

/// The longest way from any root to each node.
fn depths(count: usize, edges: &[Joined], forward: &[bool]) -> Vec<usize> {
    let mut depth = vec![0; count];
    // There is no circle among these edges, so as many rounds as there are nodes reach every end.
    for _ in 0..count {
        for (edge, _) in edges.iter().zip(forward).filter(|(_, forward)| **forward) {
            depth[edge.to] = depth[edge.to].max(depth[edge.from] + 1);
        }
    }
    depth
}

/// Sorts every layer by the middle of its neighbours, to the right and back again.
fn sort(members: &mut [Vec<Member>], paths: &[Option<Vec<Member>>]) {
    let pairs: Vec<(Member, Member)> =
        paths.iter().flatten().flat_map(|path| path.windows(2).map(|pair| (pair[0], pair[1]))).collect();
    for round in 0..ROUNDS {
        let is_to_the_right = round % 2 == 0;
        let count = members.len();
        for step in 1..count {
            let (layer, fixed) =
                if is_to_the_right { (step, step - 1) } else { (count - 1 - step, count - step) };
            let known = members[fixed].clone();
            let before = members[layer].clone();
            let middle = |member: &Member| {
                let neighbours = pairs.iter().filter_map(|(left, right)| {
                    let (near, far) = if is_to_the_right { (right, left) } else { (left, right) };
                    (near == member).then_some(far)
                });
                let places: Vec<usize> =
                    neighbours.filter_map(|one| known.iter().position(|other| other == one)).collect();
                let own = before.iter().position(|other| other == member).unwrap_or_default();
                match places.len() {
                    0 => own * 1_000,
                    count => places.iter().sum::<usize>() * 1_000 / count,
                }
            };
            members[layer].sort_by_key(|member| middle(member));
        }
    }
}
