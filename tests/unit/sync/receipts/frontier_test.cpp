// SPDX-License-Identifier: EUPL-1.2
// The Merkle frontier against the definition of RFC 6962 2.1, computed the slow way, and frontier
// and tree against the roots that the Certificate Transparency reference implementation publishes
// for its eight test leaves.
#include "sync/receipts/frontier.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <span>

#include "drivers/base/encoding.hpp"

using receipts::Hash;
using receipts::MerkleFrontier;

namespace {

// MTH of RFC 6962 2.1 over leaf hashes: split at the largest power of two below n.
Hash root_by_definition(std::span<const Hash> leaves) {
    if (leaves.empty()) return crypto::sha256(base::ByteView{});
    if (leaves.size() == 1) return leaves[0];
    const std::size_t split = std::bit_floor(leaves.size() - 1);
    const std::uint8_t prefix[] = {0x01};
    return crypto::sha256({prefix, root_by_definition(leaves.first(split)),
                           root_by_definition(leaves.subspan(split))});
}

Hash leaf_of(base::ByteView data) {
    const std::uint8_t prefix[] = {0x00};
    return crypto::sha256({prefix, data});
}

}  // namespace

TEST_CASE("merkle: the frontier has the root of the definition at every size") {
    std::vector<Hash> leaves;
    MerkleFrontier frontier;
    CHECK(frontier.root() == root_by_definition(leaves));
    for (std::uint8_t i = 0; i < 70; ++i) {
        leaves.push_back(leaf_of(std::array{i}));
        frontier.append(leaves.back());
        REQUIRE(frontier.size() == leaves.size());
        CHECK(frontier.root() == root_by_definition(leaves));
        const auto again = MerkleFrontier::decode(frontier.size(), frontier.encode());
        REQUIRE(again.has_value());
        CHECK(again->root() == frontier.root());
    }
}

TEST_CASE("merkle: the eight leaves of the reference test have their published roots") {
    // Inputs and roots: certificate-transparency/cpp/merkletree/merkle_tree_test.cc, "test_vector"
    // and "roots".
    const char* inputs[] = {"",
                            "00",
                            "10",
                            "2021",
                            "3031",
                            "40414243",
                            "5051525354555657",
                            "606162636465666768696a6b6c6d6e6f"};
    const char* roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                           "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                           "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                           "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                           "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                           "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                           "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                           "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    MerkleFrontier frontier;
    std::vector<Hash> leaves;
    for (std::size_t i = 0; i < 8; ++i) {
        const base::Bytes entry = *base::from_hex(inputs[i]);
        frontier.append(leaf_of(entry));
        CHECK(base::to_hex(frontier.root()) == roots[i]);
        leaves.push_back(receipts::leaf_hash(entry));
        CHECK(base::to_hex(receipts::tree_hash(leaves)) == roots[i]);
    }
    CHECK(base::to_hex(receipts::tree_hash({})) ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("merkle: a stored frontier of the wrong length is refused") {
    CHECK_FALSE(MerkleFrontier::decode(3, base::Bytes(32)).has_value());
    CHECK_FALSE(MerkleFrontier::decode(0, base::Bytes(32)).has_value());
    CHECK_FALSE(MerkleFrontier::decode(4, base::Bytes(31)).has_value());
    CHECK(MerkleFrontier::decode(0, {}).has_value());
}
