//! Proofs against published vectors, against another implementation, and against every small change to them.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use ledger::Digest;
use ledger::digest::NotADigest;
use ledger::merkle::{
    Invalid, consistency_proof, inclusion_proof, leaf_hash, root, verify_consistency, verify_inclusion,
};
use proptest::prelude::*;
use sha2::Sha256;

type Checked = Result<(), Box<dyn std::error::Error>>;

/// The entries of the Certificate Transparency test vectors.
const ENTRIES: [&str; 8] = [
    "",
    "\0",
    "\u{10}",
    " !",
    "01",
    "@ABC",
    "PQRSTUVW",
    "`abcdefghijklmno",
];

fn entry(number: usize) -> Vec<u8> {
    format!("entry {number}").into_bytes()
}

fn leaves(size: usize) -> Vec<Digest> {
    (0..size).map(|number| leaf_hash(&entry(number))).collect()
}

fn digests(texts: &[&str]) -> Result<Vec<Digest>, NotADigest> {
    texts.iter().map(|text| text.parse()).collect()
}

fn bytes(proof: &[Digest]) -> Vec<u8> {
    proof.iter().flat_map(|digest| *digest.as_bytes()).collect()
}

#[test]
fn inclusion_proofs_are_those_of_certificate_transparency() -> Checked {
    let leaves: Vec<_> = ENTRIES.iter().map(|entry| leaf_hash(entry.as_bytes())).collect();
    let known: [(usize, usize, &[&str]); 4] = [
        (
            0,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            &[
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            3,
            &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
        ),
        (
            1,
            5,
            &[
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ];
    for (index, size, texts) in known {
        let proof = inclusion_proof(&leaves[..size], index)?;
        assert_eq!(proof, digests(texts)?, "entry {index} of {size}");
        verify_inclusion(
            leaves[index],
            index as u64,
            size as u64,
            &proof,
            root(&leaves[..size]),
        )?;
    }
    Ok(())
}

#[test]
fn consistency_proofs_are_those_of_certificate_transparency() -> Checked {
    let leaves: Vec<_> = ENTRIES.iter().map(|entry| leaf_hash(entry.as_bytes())).collect();
    let known: [(usize, usize, &[&str]); 4] = [
        (1, 1, &[]),
        (
            1,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            &[
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            &[
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ];
    for (old, new, texts) in known {
        let proof = consistency_proof(&leaves[..new], old)?;
        assert_eq!(proof, digests(texts)?, "{old} to {new}");
        verify_consistency(
            old as u64,
            root(&leaves[..old]),
            new as u64,
            root(&leaves[..new]),
            &proof,
        )?;
    }
    Ok(())
}

/// Every tree up to 130 entries: each side's proofs are byte for byte the other's, and each verifies the other's.
#[test]
fn proofs_agree_with_another_implementation() -> Checked {
    let all = leaves(130);
    let roots: Vec<_> = (0..=all.len()).map(|size| root(&all[..size])).collect();
    let oracle_root = |size: usize| RootHash::<Sha256>::new((*roots[size].as_bytes()).into(), size as u64);
    let mut oracle = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    for size in 1..=all.len() {
        oracle.push(entry(size - 1));
        assert_eq!(oracle.root().as_bytes()[..], roots[size].as_bytes()[..]);
        let leaves = &all[..size];
        for index in 0..size {
            let proof = inclusion_proof(leaves, index)?;
            assert_eq!(
                bytes(&proof),
                oracle.prove_inclusion(index).as_bytes(),
                "entry {index} of {size}"
            );
            verify_inclusion(leaves[index], index as u64, size as u64, &proof, roots[size])?;
            let theirs = InclusionProof::<Sha256>::from_bytes(bytes(&proof));
            oracle_root(size).verify_inclusion(&entry(index), index as u64, &theirs)?;

            let old = index + 1;
            let proof = consistency_proof(leaves, old)?;
            assert_eq!(
                bytes(&proof),
                oracle.prove_consistency(size - old).as_bytes(),
                "{old} to {size}"
            );
            verify_consistency(old as u64, roots[old], size as u64, roots[size], &proof)?;
            let theirs = ConsistencyProof::<Sha256>::try_from_bytes(bytes(&proof))?;
            oracle_root(size).verify_consistency(&oracle_root(old), &theirs)?;
        }
    }
    Ok(())
}

#[test]
fn what_cannot_be_proven_is_refused_by_name() {
    let five = leaves(5);
    let root = root(&five);
    assert_eq!(
        inclusion_proof(&five, 5),
        Err(Invalid::OutsideTree { index: 5, size: 5 })
    );
    assert_eq!(
        verify_inclusion(five[0], 5, 5, &[], root),
        Err(Invalid::OutsideTree { index: 5, size: 5 })
    );
    assert_eq!(
        consistency_proof(&five, 6),
        Err(Invalid::Shrinks { old: 6, new: 5 })
    );
    assert_eq!(
        verify_consistency(6, root, 5, root, &[]),
        Err(Invalid::Shrinks { old: 6, new: 5 })
    );
    assert_eq!(
        verify_consistency(3, root, 5, root, &[]),
        Err(Invalid::WrongLength { found: 0 })
    );
    assert_eq!(
        verify_consistency(5, five[0], 5, root, &[]),
        Err(Invalid::WrongRoot)
    );
    assert_eq!(
        verify_consistency(5, root, 5, root, &[root]),
        Err(Invalid::WrongLength { found: 1 })
    );
}

#[test]
fn every_log_begins_with_the_empty_one_and_only_with_that_root() -> Checked {
    let five = leaves(5);
    let proof = consistency_proof(&five, 0)?;
    verify_consistency(0, root(&[]), 5, root(&five), &proof)?;
    assert_eq!(
        verify_consistency(0, five[0], 5, root(&five), &proof),
        Err(Invalid::WrongRoot)
    );
    Ok(())
}

/// A change to a proof: one bit, one hash more, one less, two swapped.
#[derive(Debug, Clone)]
enum Mutation {
    Flip(prop::sample::Index, u8, u8),
    Insert(prop::sample::Index, [u8; 32]),
    Remove(prop::sample::Index),
    Swap(prop::sample::Index, prop::sample::Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let place = any::<prop::sample::Index>;
    prop_oneof![
        (place(), 0..32u8, 0..8u8).prop_map(|(place, byte, bit)| Mutation::Flip(place, byte, bit)),
        (place(), any::<[u8; 32]>()).prop_map(|(place, hash)| Mutation::Insert(place, hash)),
        place().prop_map(Mutation::Remove),
        (place(), place()).prop_map(|(one, other)| Mutation::Swap(one, other)),
    ]
}

fn mutated(proof: &[Digest], mutation: &Mutation) -> Vec<Digest> {
    let mut proof = proof.to_vec();
    match mutation {
        Mutation::Insert(place, hash) => {
            proof.insert(place.index(proof.len() + 1), Digest::from(*hash));
        }
        _ if proof.is_empty() => {}
        Mutation::Flip(place, byte, bit) => {
            let hash = place.get(&proof);
            let mut bytes = *hash.as_bytes();
            bytes[usize::from(*byte)] ^= 1 << bit;
            let place = place.index(proof.len());
            proof[place] = Digest::from(bytes);
        }
        Mutation::Remove(place) => {
            proof.remove(place.index(proof.len()));
        }
        Mutation::Swap(one, other) => {
            let (one, other) = (one.index(proof.len()), other.index(proof.len()));
            proof.swap(one, other);
        }
    }
    proof
}

proptest! {
    #[test]
    fn a_mutated_inclusion_proof_is_never_accepted(
        size in 1..400usize, index: prop::sample::Index, mutation in mutation(),
    ) {
        let (leaves, index) = (leaves(size), index.index(size));
        let (root, proof) = (root(&leaves), inclusion_proof(&leaves, index)?);
        let wrong = mutated(&proof, &mutation);
        prop_assume!(wrong != proof);
        let verdict = verify_inclusion(leaves[index], index as u64, size as u64, &wrong, root);
        prop_assert!(verdict.is_err());
    }

    #[test]
    fn a_mutated_consistency_proof_is_never_accepted(
        size in 1..400usize, old: prop::sample::Index, mutation in mutation(),
    ) {
        let (leaves, old) = (leaves(size), old.index(size + 1));
        let proof = consistency_proof(&leaves, old)?;
        let wrong = mutated(&proof, &mutation);
        prop_assume!(wrong != proof);
        let verdict =
            verify_consistency(old as u64, root(&leaves[..old]), size as u64, root(&leaves), &wrong);
        prop_assert!(verdict.is_err());
    }

    #[test]
    fn a_proof_holds_for_its_own_entry_place_and_root_only(
        size in 2..200usize, index: prop::sample::Index, other: prop::sample::Index,
    ) {
        let (leaves, index, other) = (leaves(size), index.index(size), other.index(size));
        prop_assume!(index != other);
        let (root, proof) = (root(&leaves), inclusion_proof(&leaves, index)?);
        let (place, elsewhere, size) = (index as u64, other as u64, size as u64);
        prop_assert!(verify_inclusion(leaves[other], place, size, &proof, root).is_err());
        prop_assert!(verify_inclusion(leaves[index], elsewhere, size, &proof, root).is_err());
        prop_assert!(verify_inclusion(leaves[index], place, size, &proof, leaves[index]).is_err());
    }

    #[test]
    fn a_rewritten_history_is_not_consistent(
        size in 2..200usize, old: prop::sample::Index, changed: prop::sample::Index,
    ) {
        let honest = leaves(size);
        let old = old.index(size - 1) + 1;
        let mut forged = honest.clone();
        forged[changed.index(old)] = leaf_hash(b"forged");
        let proof = consistency_proof(&forged, old)?;
        let verdict =
            verify_consistency(old as u64, root(&honest[..old]), size as u64, root(&forged), &proof);
        prop_assert!(verdict.is_err());
    }

    #[test]
    fn no_proof_makes_the_verifiers_panic(
        numbers: [u64; 2], hashes in prop::collection::vec(any::<[u8; 32]>().prop_map(Digest::from), 0..70),
        root: [u8; 32],
    ) {
        let root = Digest::from(root);
        prop_assert!(verify_inclusion(root, numbers[0], numbers[1], &hashes, root).is_err() || hashes.is_empty());
        let [one, other] = numbers;
        let verdict = verify_consistency(one.min(other), root, one.max(other), root, &hashes);
        prop_assert!(verdict.is_err() || one == other);
    }
}
