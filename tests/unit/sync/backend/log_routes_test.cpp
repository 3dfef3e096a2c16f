// SPDX-License-Identifier: EUPL-1.2
// The log as strangers fetch it: who may have what, and that an auditor who trusts nothing but the
// key can build it anew.
#include "sync/backend/service/log_routes.hpp"

#include "tests/unit/sync/backend/service_world.hpp"

#include <doctest/doctest.h>

#include "sync/backend/log/nodes.hpp"
#include "sync/backend/log/sequencer.hpp"
#include "sync/receipts/checkpoint.hpp"

using test::ServiceWorld;

namespace {

http::Response log_of(ServiceWorld& world, const std::string& path, const char* role = "auditor") {
    return world.ask(role, "somebody", http::Method::get, "/v1/log/" + path);
}

void fill(ServiceWorld& world, std::uint64_t records) {
    std::uint64_t seq = 0;
    for (std::uint64_t i = 0; i < records; ++i) seq = world.terminal.append(test::grant(1));
    for (std::uint64_t from = seq - records + 1; from <= seq; from += 50)
        REQUIRE(world.send(from, std::min(from + 49, seq)).status == 200);
}

std::vector<receipts::Hash> hashes_in(const http::Response& response) {
    REQUIRE(response.status == 200);
    REQUIRE(response.body.size() % 32 == 0);
    std::vector<receipts::Hash> out;
    for (std::size_t at = 0; at < response.body.size(); at += 32) {
        receipts::Hash& hash = out.emplace_back();
        std::copy_n(response.body.begin() + static_cast<std::ptrdiff_t>(at), 32, hash.begin());
    }
    return out;
}

}  // namespace

TEST_CASE("log: the checkpoint is signed, and its root is that of the tiles and of the entries") {
    ServiceWorld world;
    fill(world, 600);
    const auto note = log_of(world, "checkpoint");
    REQUIRE(note.status == 200);
    const auto checkpoint = receipts::verify_checkpoint(note.body, world.receipt_key.point);
    REQUIRE(checkpoint.has_value());
    CHECK(checkpoint->origin == "urn:test");
    CHECK(checkpoint->head.size == 600);
    // While the log rests everybody gets the same bytes.
    CHECK(log_of(world, "checkpoint", "terminal").body == note.body);

    std::vector<receipts::Hash> leaves;
    std::vector<receipts::Hash> from_entries;
    for (const char* tile : {"000", "001", "002.p/88"}) {
        for (const auto& hash : hashes_in(log_of(world, std::string("tile/0/") + tile)))
            leaves.push_back(hash);
        const auto bundle = log_of(world, std::string("tile/entries/") + tile);
        REQUIRE(bundle.status == 200);
        base::ByteView rest = base::as_bytes(bundle.body);
        while (!rest.empty()) {
            const std::size_t size = base::read_u16(rest);
            from_entries.push_back(receipts::leaf_hash(rest.subspan(2, size)));
            rest = rest.subspan(2 + size);
        }
    }
    CHECK(leaves.size() == 600);
    CHECK(leaves == from_entries);
    CHECK(receipts::tree_hash(leaves) == checkpoint->head.root);
    const auto nodes = hashes_in(log_of(world, "tile/1/000.p/2"));
    REQUIRE(nodes.size() == 2);
    CHECK(nodes[1] == receipts::tree_hash(std::span(leaves).subspan(256, 256)));
}

TEST_CASE("log: what a log of this size has not is not found, and a smaller one may be asked for") {
    ServiceWorld world;
    fill(world, 300);
    for (const char* tile : {"0/000", "0/000.p/255", "0/001.p/44", "0/001.p/1", "1/000.p/1"})
        CHECK(log_of(world, std::string("tile/") + tile).status == 200);
    for (const char* tile : {"0/001", "0/001.p/45", "0/002.p/1", "1/000", "1/000.p/2", "2/000.p/1",
                             "8/000", "0/0", "0", "x/000", "entries/001"})
        CHECK(log_of(world, std::string("tile/") + tile).status == 404);
    CHECK(log_of(world, "tile").status == 404);
    const auto whole = log_of(world, "tile/0/000");
    CHECK(whole.header("cache-control") == "private, max-age=31536000, immutable");
}

TEST_CASE("log: entries are for auditors, hashes for every certificate, nothing without one") {
    ServiceWorld world;
    fill(world, 3);
    for (const char* role : {"terminal", "authority", "auditor"}) {
        CHECK(log_of(world, "checkpoint", role).status == 200);
        CHECK(log_of(world, "tile/0/000.p/3", role).status == 200);
    }
    CHECK(log_of(world, "tile/entries/000.p/3").status == 200);
    for (const char* role : {"terminal", "authority"})
        CHECK(log_of(world, "tile/entries/000.p/3", role).status == 403);
    for (const char* path : {"checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3"}) {
        CHECK(log_of(world, path, "").status == 404);
        CHECK(log_of(world, path, "cleaner").status == 403);
    }
}

TEST_CASE("log: a proof from stored nodes holds between any two checkpoints (I12)") {
    ServiceWorld world;
    std::vector<receipts::TreeHead> heads;
    for (const std::uint64_t records : {1U, 254U, 1U, 1U, 300U, 5U}) {
        fill(world, records);
        const auto note = log_of(world, "checkpoint");
        heads.push_back(
            receipts::verify_checkpoint(note.body, world.receipt_key.point).value().head);
    }
    backend::StoredNodes nodes(*world.store);
    for (const auto& older : heads) {
        for (const auto& newer : heads) {
            if (older.size > newer.size) continue;
            const auto proof = receipts::prove_consistency(nodes, older.size, newer.size);
            REQUIRE(proof.has_value());
            CHECK(receipts::verify_consistency(older, newer, *proof));
        }
    }
}

TEST_CASE("log: nodes that an earlier version did not keep are made at the start") {
    ServiceWorld world;
    fill(world, 600);
    const auto before = hashes_in(log_of(world, "tile/1/000.p/2"));
    static constexpr backend::Statement forget{"DELETE FROM log_node"};
    REQUIRE(world.store->run(forget, {}).has_value());
    CHECK(log_of(world, "tile/1/000.p/2").status != 200);
    REQUIRE(backend::complete_nodes(*world.store).has_value());
    CHECK(hashes_in(log_of(world, "tile/1/000.p/2")) == before);
    REQUIRE(backend::complete_nodes(*world.store).has_value());  // nothing left to do
}

TEST_CASE("log: a copy that ran ahead and a fork stand in it with their own headers") {
    ServiceWorld world;
    fill(world, 2);
    world.terminal.append(test::withdrawal(1, model::TargetKind::declaration, {}));
    const auto ahead = world.ask("terminal", base::to_text(world.terminal.id), http::Method::post,
                                 world.terminal_path("advance"), world.terminal.advance({3}));
    REQUIRE(ahead.status == 200);
    const auto bundle = log_of(world, "tile/entries/000.p/3");
    REQUIRE(bundle.status == 200);
    CHECK(receipts::leaf_hash(base::as_bytes(bundle.body).subspan(2 * 153 + 2)) ==
          world.terminal.leaf(3));
}

TEST_CASE("log: growth from any size is proved, and asked for one that is not there it is told") {
    ServiceWorld world;
    fill(world, 300);
    std::vector<receipts::Hash> leaves = hashes_in(log_of(world, "tile/0/000"));
    for (const auto& hash : hashes_in(log_of(world, "tile/0/001.p/44"))) leaves.push_back(hash);
    for (const std::uint64_t from : {0U, 1U, 255U, 256U, 257U, 299U, 300U, 301U}) {
        CAPTURE(from);
        const auto answer =
            world.json(log_of(world, "growth?from=" + std::to_string(from), "terminal"));
        const auto now = receipts::verify_checkpoint(answer["checkpoint"].get<std::string>(),
                                                     world.receipt_key.point);
        REQUIRE(now.has_value());
        CHECK(now->head.size == 300);
        receipts::Proof proof;
        for (const auto& item : answer["proof"]) {
            const auto bytes = base::from_base64url(item.get<std::string>());
            std::copy_n(bytes->begin(), 32, proof.emplace_back().begin());
        }
        if (from > 300) {
            CHECK(proof.empty());
            continue;
        }
        const auto root = receipts::tree_hash(std::span(leaves).first(from));
        CHECK(receipts::verify_consistency({from, root}, now->head, proof));
    }
    for (const char* query : {"", "?from=", "?from=-1", "?from=x", "?form=1"})
        CHECK(log_of(world, std::string("growth") + query).status == 400);
}

TEST_CASE("log: what stands at a place is proved in the log of any size that it has had (I13)") {
    ServiceWorld world;
    fill(world, 300);
    std::vector<receipts::Hash> leaves = hashes_in(log_of(world, "tile/0/000"));
    for (const auto& hash : hashes_in(log_of(world, "tile/0/001.p/44"))) leaves.push_back(hash);
    for (const std::uint64_t size : {1U, 255U, 256U, 257U, 300U}) {
        CAPTURE(size);
        const auto root = receipts::tree_hash(std::span(leaves).first(size));
        const auto answer =
            world.json(log_of(world,
                              "inclusion?size=" + std::to_string(size) + "&index=0," +
                                  std::to_string(size / 2) + "," + std::to_string(size - 1),
                              "terminal"));
        CHECK(answer["size"] == size);
        REQUIRE(answer["inclusions"].size() == 3);
        for (const auto& item : answer["inclusions"]) {
            const auto index = item["index"].get<std::uint64_t>();
            receipts::Proof proof;
            for (const auto& each : item["proof"]) {
                const auto bytes = base::from_base64url(each.get<std::string>());
                std::copy_n(bytes->begin(), 32, proof.emplace_back().begin());
            }
            CHECK(item["leaf"] == base::to_base64url(leaves.at(index)));
            CHECK(receipts::verify_inclusion({leaves.at(index), index, size, root}, proof));
        }
    }
    CHECK(log_of(world, "inclusion?size=301&index=1").status == 404);
    std::string many = "0";
    for (int i = 0; i < 50; ++i) many += ",0";
    for (const std::string& query :
         {std::string(), std::string("?size=5"), std::string("?index=1"),
          std::string("?size=5&index="), std::string("?size=5&index=5"),
          std::string("?size=5&index=1,"), std::string("?size=5&index=,1"),
          std::string("?size=5&index=-1"), std::string("?size=0&index=0"), "?size=5&index=" + many})
        CHECK(log_of(world, "inclusion" + query).status == 400);
}
