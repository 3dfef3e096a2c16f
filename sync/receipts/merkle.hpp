// SPDX-License-Identifier: EUPL-1.2
// The tree over the backend's log, as both sides need it: hashes of nodes, proofs that a record is
// in it and that it has only grown, made from stored nodes and checked without them. Pure, any
// thread. Norms: RFC 6962 2.1 (tree), RFC 9162 2.1.3.2 and 2.1.4.2 (checking proofs), C2SP
// tlog-tiles (levels of 256).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/crypto/digest.hpp"

namespace receipts {

using Hash = crypto::Sha256Digest;
using Proof = std::vector<Hash>;

/// Hashes of one tile; a node of level l covers 256^l records.
inline constexpr std::uint64_t tile_width = 256;
/// 256^8 records fill 64 bits.
inline constexpr unsigned tile_levels = 8;

/// The hashes that stand side by side in these bytes; what is left behind the last whole one is not
/// looked at.
[[nodiscard]] Proof hashes_of(base::ByteView bytes);
/// SHA-256(0x00 | entry).
[[nodiscard]] Hash leaf_hash(base::ByteView entry);
/// SHA-256(0x01 | left | right).
[[nodiscard]] Hash node_hash(const Hash& left, const Hash& right);
/// The tree over these hashes; SHA-256 of nothing for none.
[[nodiscard]] Hash tree_hash(std::span<const Hash> hashes);

/// The record with this hash stands at `index` of the tree of `size` records with this root.
struct Inclusion {
    Hash leaf;
    std::uint64_t index;
    std::uint64_t size;
    Hash root;
};
[[nodiscard]] bool verify_inclusion(const Inclusion& claim, std::span<const Hash> proof);

struct TreeHead {
    std::uint64_t size = 0;
    Hash root{};
    friend bool operator==(const TreeHead&, const TreeHead&) = default;
};
/// Every record of `older` stands at the same place in `newer`. With an empty older tree, or the
/// same one twice, the proof is empty.
[[nodiscard]] bool verify_consistency(const TreeHead& older, const TreeHead& newer,
                                      std::span<const Hash> proof);

/// Where whole subtrees can be looked up.
class NodeSource {
  public:
    virtual ~NodeSource() = default;
    /// `count` neighbouring nodes of a level, 1..tile_width of one tile; each must be complete.
    /// errors  the source's own; message_bad if one is not there.
    virtual base::Result<std::vector<Hash>> nodes(unsigned level, std::uint64_t first,
                                                  std::uint64_t count) = 0;
};

/// Root of the first `size` records. cost: at most 64 questions to the source.
base::Result<Hash> root_of(NodeSource& source, std::uint64_t size);
/// index < size (CHECKed).
base::Result<Proof> prove_inclusion(NodeSource& source, std::uint64_t index, std::uint64_t size);
/// older <= newer (CHECKed).
base::Result<Proof> prove_consistency(NodeSource& source, std::uint64_t older, std::uint64_t newer);

}  // namespace receipts
