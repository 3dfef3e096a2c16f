// SPDX-License-Identifier: EUPL-1.2
// The terminal's side: nothing half is ever active, whatever comes, and nothing old comes back.
// I14.
#include "sync/downstream/receiver.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <utility>

#include "sync/downstream/delta.hpp"
#include "tests/unit/sync/downstream/signers.hpp"

using base::Errc;
using downstream::Kind;
using downstream::Manifest;
using downstream::Receiver;
using downstream::Target;
using downstream_test::day_ms;
using downstream_test::Keys;
using downstream_test::manifest;
using downstream_test::now_ms;
using downstream_test::target;

namespace {

namespace fs = std::filesystem;
const base::Uuid here{{1}};

class FakeMemory final : public downstream::Memory {
  public:
    std::optional<downstream::Remembered> kept;
    bool broken = false;
    base::Result<std::optional<downstream::Remembered>> load() override { return kept; }
    base::Result<void> save(const downstream::Remembered& state) override {
        if (broken) return base::fail(Errc::journal_io, "test");
        kept = state;
        return {};
    }
};

struct World : downstream_test::Signers {
    fs::path folder = make_folder();
    FakeMemory memory;
    std::string enrolled = root_file(root());
    std::map<crypto::Sha256Digest, std::string> files;
    std::size_t bytes_put = 0;
    std::string refused_content = "refuse me";
    std::optional<Receiver> receiver;

    World() { reopen(); }
    ~World() {
        std::error_code ignored;  // a leftover folder harms no later test
        fs::remove_all(folder, ignored);
    }
    static fs::path make_folder() {
        std::string name = (fs::temp_directory_path() / "downstream-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        return name;
    }
    Errc try_open() {
        receiver.reset();
        auto opened = Receiver::open(
            {folder, here, enrolled}, memory, [this](const Target&, base::ByteView content) {
                return base::as_text(content) == refused_content
                           ? base::Result<void>(base::fail(Errc::catalogue_bad, "test"))
                           : base::Result<void>();
            });
        if (!opened) return opened.error().code;
        receiver.emplace(std::move(*opened));
        return {};
    }
    void reopen() { REQUIRE(try_open() == Errc{}); }

    Target add(Kind kind, std::string name, std::string content) {
        Target out = target(kind, std::move(name), content);
        files[out.digest] = std::move(content);
        return out;
    }
    Errc offer(const Manifest& list, std::uint64_t floor_ms = now_ms) {
        return offer_file(manifest_file(list), floor_ms);
    }
    Errc offer_file(const std::string& file, std::uint64_t floor_ms = now_ms) {
        const auto taken = receiver->offer_manifest(file, floor_ms);
        return taken ? Errc{} : taken.error().code;
    }
    Errc offer_root(const std::string& file) {
        const auto taken = receiver->offer_root(file);
        return taken ? Errc{} : taken.error().code;
    }
    /// One piece of what is wanted first; false if nothing is.
    bool step(std::size_t piece_bytes) {
        const auto wanted = receiver->wanted();
        if (wanted.empty()) return false;
        const auto& first = wanted.front();
        const std::string piece = files.at(first.file.digest).substr(first.have, piece_bytes);
        bytes_put += piece.size();
        last = receiver->put(first.file.digest, first.have, base::as_bytes(piece));
        return true;
    }
    void transfer(std::size_t piece_bytes = 1'000) {
        for (int i = 0; i < 1'000 && step(piece_bytes) && last; ++i) {
        }
    }
    std::uint64_t version() const { return receiver->active() ? receiver->active()->version : 0; }
    base::Result<void> last;
};

/// A sorted list in the shape of block lists.
std::string list_of(std::uint64_t first, std::uint64_t count, std::uint8_t mark) {
    base::Bytes out(56, mark);
    for (std::uint64_t i = 0; i < count; ++i) {
        base::append_u64(out, (first + i) * 7);
        base::append_u64(out, 0);
    }
    out.insert(out.end(), 32, mark);
    return std::string(base::as_text(out));
}

void cut_after_every_byte(World& world) {
    REQUIRE(world.offer(manifest(1, {world.add(Kind::catalogue, "old", "old catalogue")})) ==
            Errc{});
    world.transfer();
    REQUIRE(world.version() == 1);
    const Manifest next = manifest(2, {world.add(Kind::catalogue, "new", "new catalogue"),
                                       world.add(Kind::csca, "csca", "a csca")});
    const std::size_t total = 13 + 6;
    world.bytes_put = 0;
    for (std::size_t cut = 0; cut < total; ++cut) {
        world.reopen();  // as after kill -9: only the disk remembers
        CHECK(world.version() == 1);
        CHECK(fs::exists(
            world.receiver->store().path_of(target(Kind::catalogue, "", "old catalogue").digest)));
        REQUIRE(world.offer(next) == Errc{});
        CHECK(world.version() == 1);
        REQUIRE(world.step(1));
        REQUIRE(world.last.has_value());
    }
    CHECK(world.version() == 2);
    CHECK(world.bytes_put == total);  // no byte twice
    CHECK_FALSE(world.step(1));
    CHECK_FALSE(fs::exists(
        world.receiver->store().path_of(target(Kind::catalogue, "", "old catalogue").digest)));
}

}  // namespace

TEST_CASE_FIXTURE(World, "receiver: a list without files is active at once") {
    CHECK(version() == 0);
    CHECK(offer(manifest(1)) == Errc{});
    CHECK(version() == 1);
    reopen();
    CHECK(version() == 1);
}

TEST_CASE("receiver: cut after every byte, the old one stays and work goes on (I14)") {
    World world;
    cut_after_every_byte(world);
}

TEST_CASE_FIXTURE(World, "receiver: what both lists name is not fetched twice") {
    const Target shared = add(Kind::csca, "csca", "shared");
    REQUIRE(offer(manifest(1, {shared})) == Errc{});
    transfer();
    REQUIRE(offer(manifest(2, {shared})) == Errc{});
    CHECK(version() == 2);
    CHECK(bytes_put == 6);
}

TEST_CASE_FIXTURE(World, "attack: other bytes, in a whole file or in one piece of it") {
    const Target wanted = add(Kind::catalogue, "c", "0123456789");
    REQUIRE(offer(manifest(1, {wanted})) == Errc{});
    REQUIRE(receiver->put(wanted.digest, 0, base::as_bytes("01234")));
    const auto put = receiver->put(wanted.digest, 5, base::as_bytes("5678X"));
    REQUIRE_FALSE(put.has_value());
    CHECK(put.error().code == Errc::manifest_bad);
    CHECK(version() == 0);
    REQUIRE(receiver->wanted().size() == 1);
    CHECK(receiver->wanted()[0].have == 0);
    transfer();
    CHECK(version() == 1);
}

TEST_CASE_FIXTURE(World, "attack: endless data, at the wrong place, or that nobody asked for") {
    const Target wanted = add(Kind::catalogue, "c", "0123456789");
    REQUIRE(offer(manifest(1, {wanted})) == Errc{});
    const auto code = [&](const crypto::Sha256Digest& digest, std::uint64_t offset,
                          std::string_view piece) {
        const auto put = receiver->put(digest, offset, base::as_bytes(piece));
        return put ? Errc{} : put.error().code;
    };
    CHECK(code(wanted.digest, 1, "1") == Errc::sequence_gap);
    CHECK(code(wanted.digest, UINT64_MAX, "1") == Errc::sequence_gap);
    CHECK(code(crypto::sha256(base::as_bytes("x")), 0, "x") == Errc::manifest_bad);
    CHECK(code(wanted.digest, 0, "01234") == Errc{});
    CHECK(code(wanted.digest, 0, "01234") == Errc::sequence_gap);
    CHECK(code(wanted.digest, 5, "56789more") == Errc::manifest_bad);
    CHECK(receiver->wanted()[0].have == 0);
    CHECK(code(wanted.digest, 0, std::string(100'000, 'x')) == Errc::manifest_bad);
    CHECK(version() == 0);
}

TEST_CASE_FIXTURE(World, "attack: rollback, also after a restart; freeze leaves what is there") {
    REQUIRE(offer(manifest(5)) == Errc{});
    reopen();
    CHECK(offer(manifest(4)) == Errc::manifest_rollback);
    CHECK(offer(manifest(5)) == Errc{});
    CHECK(offer(manifest(6), now_ms + 31 * day_ms) == Errc::manifest_expired);
    CHECK(version() == 5);
    CHECK(receiver->active()->expires_ms == now_ms + 30 * day_ms);
}

TEST_CASE_FIXTURE(World, "attack: mix and match, an old file under a new list") {
    const Target old = add(Kind::catalogue, "c", "of list one");
    const Target fresh = add(Kind::catalogue, "c", "of list two");
    REQUIRE(offer(manifest(1, {old})) == Errc{});
    REQUIRE(offer(manifest(2, {fresh})) == Errc{});
    const auto put = receiver->put(old.digest, 0, base::as_bytes("of list one"));
    REQUIRE_FALSE(put.has_value());
    CHECK(put.error().code == Errc::manifest_bad);
    // And the old list cannot take the place of the one that is on its way.
    CHECK(offer(manifest(1, {old})) == Errc::manifest_rollback);
    transfer();
    CHECK(version() == 2);
}

TEST_CASE_FIXTURE(World, "receiver: roots are walked one by one, and survive a restart") {
    CHECK(offer_root(root_file(root(3))) == Errc::manifest_rollback);
    CHECK(offer_root(root_file(root(2))) == Errc{});
    CHECK(offer_root(root_file(root(2))) != Errc{});  // signed anew: other bytes, same number
    reopen();
    CHECK(receiver->root().version == 2);
    CHECK(offer_root(enrolled) == Errc::manifest_rollback);
    CHECK(offer_root(root_file(root(3))) == Errc{});
    CHECK(receiver->root().version == 3);
}

TEST_CASE_FIXTURE(World, "attack: fast-forward is healed by a root that takes the keys away") {
    // Two manifest keys are stolen; the thief makes a list that no other can follow.
    REQUIRE(offer(manifest(INT64_MAX, {add(Kind::csca, "thief", "thief's csca")})) == Errc{});
    transfer();
    CHECK(version() == static_cast<std::uint64_t>(INT64_MAX));
    CHECK(offer(manifest(2)) == Errc::manifest_rollback);
    SUBCASE("a root that leaves the manifest's keys leaves its number, too") {
        REQUIRE(offer_root(root_file(root(2))) == Errc{});
        CHECK(offer(manifest(2)) == Errc::manifest_rollback);
    }
    SUBCASE("new keys begin where they like, and the thief's are worth nothing") {
        const Keys stolen = std::exchange(manifest_keys, make_keys(3));
        REQUIRE(offer_root(root_file(root(2))) == Errc{});
        CHECK(version() == static_cast<std::uint64_t>(INT64_MAX));  // until another comes
        reopen();
        CHECK(offer(manifest(2)) == Errc{});
        CHECK(version() == 2);
        CHECK(offer_file(sign(downstream::write_manifest(manifest(INT64_MAX)),
                              downstream::role_manifest, stolen, {0, 1})) ==
              Errc::manifest_untrusted);
        CHECK(offer(manifest(1)) == Errc::manifest_rollback);
    }
}

TEST_CASE_FIXTURE(World, "receiver: a list on its way falls with the keys that signed it") {
    REQUIRE(offer(manifest(9, {add(Kind::csca, "x", "x")})) == Errc{});
    manifest_keys = make_keys(3);
    REQUIRE(offer_root(root_file(root(2))) == Errc{});
    CHECK(receiver->wanted().empty());
}

TEST_CASE_FIXTURE(World, "receiver: an expired root vouches for nothing new until the next one") {
    REQUIRE(offer(manifest(1)) == Errc{});
    const std::uint64_t later_ms = root().expires_ms;
    Manifest next = manifest(2);
    next.expires_ms = later_ms + day_ms;
    CHECK(offer(next, later_ms) == Errc::manifest_expired);
    CHECK(version() == 1);
    downstream::Root young = root(2);
    young.expires_ms = later_ms + day_ms;
    REQUIRE(offer_root(root_file(young)) == Errc{});
    CHECK(offer(next, later_ms) == Errc{});
}

TEST_CASE_FIXTURE(World,
                  "receiver: a list that the kiosk cannot work with does not become active") {
    REQUIRE(offer(manifest(1)) == Errc{});
    REQUIRE(offer(manifest(2, {add(Kind::catalogue, "c", refused_content)})) == Errc{});
    transfer();
    REQUIRE_FALSE(last.has_value());
    CHECK(last.error().code == Errc::catalogue_bad);
    CHECK(version() == 1);
    CHECK(offer(manifest(2, {add(Kind::catalogue, "c", refused_content)})) == Errc::catalogue_bad);
    // Its number was never active, so the mended list may bear it.
    CHECK(offer(manifest(2, {add(Kind::catalogue, "c", "mended")})) == Errc{});
    transfer();
    CHECK(version() == 2);
}

TEST_CASE_FIXTURE(World, "receiver: without its commit nothing is active") {
    REQUIRE(offer(manifest(1)) == Errc{});
    memory.broken = true;
    CHECK(offer(manifest(2)) == Errc::journal_io);
    CHECK(version() == 1);
    CHECK(offer_root(root_file(root(2))) == Errc::journal_io);
    CHECK(receiver->root().version == 1);
    memory.broken = false;
    CHECK(offer(manifest(2)) == Errc{});
    CHECK(version() == 2);
}

TEST_CASE_FIXTURE(World, "receiver: a file that the disk damaged or lost is fetched anew") {
    const Target file = add(Kind::catalogue, "c", "0123456789");
    REQUIRE(offer(manifest(1, {file})) == Errc{});
    transfer();
    SUBCASE("other bytes") {
        std::ofstream(receiver->store().path_of(file.digest)) << "012345678X";
    }
    SUBCASE("shorter") {
        std::ofstream(receiver->store().path_of(file.digest)) << "0123";
    }
    SUBCASE("gone") {
        fs::remove(receiver->store().path_of(file.digest));
    }
    reopen();
    REQUIRE(receiver->wanted().size() == 1);
    transfer();
    CHECK(last.has_value());
    CHECK(receiver->wanted().empty());
    CHECK(version() == 1);
}

TEST_CASE_FIXTURE(World, "receiver: a list comes as its delta, byte for byte, or whole") {
    const std::string old_list = list_of(0, 2'000, 1);
    const std::string new_list = list_of(20, 2'000, 2);
    REQUIRE(offer(manifest(1, {add(Kind::block_list, "b", old_list)})) == Errc{});
    transfer(100'000);
    REQUIRE(version() == 1);
    auto delta =
        downstream::make_delta(base::as_bytes(old_list), base::as_bytes(new_list), {56, 16, 32});
    REQUIRE(delta.has_value());
    std::string steps(base::as_text(*delta));
    bool bad = false;
    SUBCASE("right") {}
    SUBCASE("signed, and leads to another list: the whole one is fetched") {
        steps.back() = static_cast<char>(steps.back() ^ 1);
        bad = true;
    }
    SUBCASE("signed, and no delta at all") {
        steps = "nonsense";
        bad = true;
    }
    Target fresh = add(Kind::block_list, "b", new_list);
    fresh.deltas = {{crypto::sha256(base::as_bytes("foreign")), 5, {}},
                    {crypto::sha256(base::as_bytes(old_list)), steps.size(),
                     crypto::sha256(base::as_bytes(steps))}};
    files[fresh.deltas[1].digest] = steps;
    bytes_put = 0;
    REQUIRE(offer(manifest(2, {fresh})) == Errc{});
    CHECK(receiver->wanted()[0].file.digest == fresh.deltas[1].digest);
    transfer(100'000);
    REQUIRE(version() == 2);
    CHECK(bytes_put == steps.size() + (bad ? new_list.size() : 0));
    CHECK(receiver->store().has({fresh.digest, new_list.size()}));
}

TEST_CASE_FIXTURE(World, "receiver: files of another terminal are not fetched") {
    Target foreign = add(Kind::configuration, "c", "theirs");
    foreign.terminal = base::Uuid{{2}};
    CHECK(offer(manifest(1, {foreign})) == Errc{});
    CHECK(version() == 1);
    CHECK(bytes_put == 0);
}

TEST_CASE_FIXTURE(World,
                  "receiver: a technician's younger root takes over, an unsigned one does not") {
    enrolled = root_file(root(7));
    reopen();
    CHECK(receiver->root().version == 7);
    enrolled = root_file(root(1));
    reopen();
    CHECK(receiver->root().version == 7);
    enrolled = sign(downstream::write_root(root(8)), downstream::role_root, root_keys, {1});
    CHECK(try_open() == Errc::manifest_untrusted);
}
