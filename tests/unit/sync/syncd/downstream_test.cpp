// SPDX-License-Identifier: EUPL-1.2
// Carrying what comes down, from a folder and over mutual TLS: every byte once, on from where it
// stopped, and never in the way of the records. What is believed is the kiosk's test.
#include "sync/syncd/downstream_carrier.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits_downstream.hpp"
#include "sync/model/downstream_names.hpp"
#include "sync/outbox/responder.hpp"
#include "tests/fakes/plain_source.hpp"
#include "tests/unit/sync/syncd/world.hpp"

using base::Errc;
using outbox::FileDigest;
using What = outbox::OfferFile::What;

namespace {

FileDigest digest_of(std::uint8_t mark) {
    FileDigest out;
    out.fill(mark);
    return out;
}

/// A kiosk that believes all and wants two files, of 600,000 bytes and of three.
class FakeSink final : public outbox::DownstreamSink {
  public:
    std::map<FileDigest, std::pair<std::uint64_t, std::string>> wants{{digest_of(1), {600'000, ""}},
                                                                      {digest_of(2), {3, ""}}};
    std::uint64_t root = 1;
    std::vector<std::string> offers;
    Errc refuse_manifest{};

    base::Result<outbox::DownstreamState> state() override {
        outbox::DownstreamState out{root, 0, {}};
        if (offers.empty() || offers.back() != "manifest") return out;
        for (const auto& [digest, want] : wants) {
            if (want.second.size() < want.first)
                out.missing.push_back({digest, want.first, want.second.size()});
        }
        return out;
    }
    base::Result<void> offer(const outbox::OfferFile& file) override {
        offers.push_back(file.file);
        if (file.what == What::root) ++root;
        if (file.what == What::manifest && refuse_manifest != Errc{})
            return base::fail(refuse_manifest, "test");
        return {};
    }
    base::Result<void> store(const outbox::StorePiece& piece) override {
        auto& [length, have] = wants.at(piece.digest);
        if (piece.offset != have.size()) return base::fail(Errc::sequence_gap, "test");
        have += piece.bytes;
        return {};
    }
    bool done() const {
        return wants.at(digest_of(1)).second == std::string(600'000, 'a') &&
               wants.at(digest_of(2)).second == "bbb";
    }
};

/// The socket left out: questions go straight to the responder.
class DirectKiosk final : public outbox::Client {
  public:
    DirectKiosk(outbox::Responder& responder, port::Clock& clock)
        : Client("/nowhere", clock, -1), responder_(responder) {}

  protected:
    base::Result<outbox::Answer> ask(const outbox::Request& request) override {
        return responder_.answer(request);
    }

  private:
    outbox::Responder& responder_;
};

class SourceWithDoor final : public fakes::PlainSource {
  public:
    explicit SourceWithDoor(outbox::DownstreamSink* sink) : sink_(sink) {}
    outbox::DownstreamSink* downstream() override { return sink_; }

  private:
    outbox::DownstreamSink* sink_;
};

struct Stick {
    test::Folder folder;
    test::SteadyClock clock;
    FakeSink sink;
    SourceWithDoor source{&sink};
    outbox::Responder responder{source};
    DirectKiosk kiosk{responder, clock};
    syncd::FolderDownstream files{folder.at(".")};

    Stick() {
        std::filesystem::create_directory(folder.at(".") + "/targets");
        write("root.2.jws", "root two");
        write("root.3.jws", "root three");
        write("manifest.jws", "manifest");
        write(target(1), std::string(600'000, 'a'));
        write(target(2), "bbb");
    }
    static std::string target(std::uint8_t mark) {
        return "targets/" + model::target_file_name(digest_of(mark));
    }
    void write(const std::string& file, std::string_view content) const {
        std::ofstream(folder.at(".") + "/" + file, std::ios::binary) << content;
    }
};

}  // namespace

TEST_CASE_FIXTURE(Stick, "downstream: a stick's roots in order, its manifest, its files") {
    syncd::DownstreamCarrier carrier({files, kiosk});
    const auto carried = carrier.carry(SIZE_MAX);
    REQUIRE(carried.has_value());
    CHECK(*carried);
    CHECK(sink.offers == std::vector<std::string>{"root two", "root three", "manifest"});
    CHECK(sink.done());
}

TEST_CASE_FIXTURE(Stick, "downstream: in slices, and on from where it stopped") {
    syncd::DownstreamCarrier carrier({files, kiosk});
    unsigned slices = 0;
    while (!sink.done()) {
        REQUIRE(slices < 10);
        const auto carried = carrier.carry(1);
        REQUIRE(carried.has_value());
        CHECK_FALSE(*carried);
        ++slices;
    }
    CHECK(slices == 4);              // 262,144 twice, the rest, and three bytes
    CHECK(sink.offers.size() == 3);  // the lists once
    CHECK(*carrier.carry(1));
    // A new process asks what is there and goes on.
    sink.wants[digest_of(1)].second.resize(100);
    syncd::DownstreamCarrier other({files, kiosk});
    CHECK(*other.carry(SIZE_MAX));
    CHECK(sink.done());
}

TEST_CASE_FIXTURE(Stick, "downstream: one file that is missing does not keep the others") {
    std::filesystem::remove(folder.at(".") + "/" + target(1));
    syncd::DownstreamCarrier carrier({files, kiosk});
    CHECK(*carrier.carry(SIZE_MAX));
    CHECK(sink.wants.at(digest_of(2)).second == "bbb");
    CHECK_FALSE(sink.done());
}

TEST_CASE_FIXTURE(Stick, "downstream: nothing there, or nobody who wants it, is nothing wrong") {
    std::filesystem::remove(folder.at(".") + "/manifest.jws");
    syncd::DownstreamCarrier carrier({files, kiosk});
    CHECK(*carrier.carry(SIZE_MAX));
    SourceWithDoor closed(nullptr);
    outbox::Responder nobody(closed);
    DirectKiosk other(nobody, clock);
    syncd::DownstreamCarrier in_vain({files, other});
    CHECK(*in_vain.carry(SIZE_MAX));
}

TEST_CASE_FIXTURE(Stick, "downstream: what the kiosk refuses is said, and no file follows") {
    sink.refuse_manifest = Errc::manifest_rollback;
    syncd::DownstreamCarrier carrier({files, kiosk});
    const auto carried = carrier.carry(SIZE_MAX);
    REQUIRE_FALSE(carried.has_value());
    CHECK(carried.error().code == Errc::manifest_rollback);
    CHECK(sink.wants.at(digest_of(2)).second.empty());
}

TEST_CASE_FIXTURE(Stick, "attack: a stick with links, pipes and files without end") {
    const std::string path = folder.at(".");
    const auto refusal = [&] {
        syncd::DownstreamCarrier carrier({files, kiosk});
        const auto carried = carrier.carry(SIZE_MAX);
        return carried ? Errc{} : carried.error().code;
    };
    SUBCASE("a manifest that is a link") {
        std::filesystem::remove(path + "/manifest.jws");
        std::filesystem::create_symlink("/etc/hostname", path + "/manifest.jws");
        CHECK(refusal() == Errc::file_io);
    }
    SUBCASE("a target that is a pipe, which nobody writes to") {
        std::filesystem::remove(path + "/" + target(1));
        REQUIRE(::mkfifo((path + "/" + target(1)).c_str(), 0600) == 0);
        CHECK(refusal() == Errc::file_io);
    }
    SUBCASE("a root that is a folder") {
        std::filesystem::remove(path + "/root.2.jws");
        std::filesystem::create_directory(path + "/root.2.jws");
        CHECK(refusal() == Errc::file_io);
    }
    SUBCASE("a manifest without end") {
        write("manifest.jws", std::string(limits::manifest_file_bytes_max + 1, 'x'));
        CHECK(refusal() == Errc::message_too_large);
    }
    SUBCASE("a root without end") {
        write("root.2.jws", std::string(limits::root_file_bytes_max + 1, 'x'));
        CHECK(refusal() == Errc::message_too_large);
    }
    CHECK(sink.wants.at(digest_of(1)).second.empty());
}

TEST_CASE("downstream: over mutual TLS, beside the records") {
    FakeSink sink;
    const std::string large(600'000, 'a');
    test::World world([&](const http::Request& request) -> std::optional<http::Response> {
        if (!request.path.starts_with("/v1/downstream/")) return std::nullopt;
        if (request.path.ends_with("/manifest")) return http::make_response(200, "a/b", "manifest");
        if (request.path.ends_with("/root/2")) return http::make_response(200, "a/b", "root two");
        const auto range = request.header("range");
        if (!range) return http::make_problem(404, "not-found", "None");
        const bool first = request.path.ends_with(model::target_file_name(digest_of(1)));
        const std::size_t from = std::stoul(std::string(range->substr(6)));
        return http::make_response(
            206, "a/b",
            first ? large.substr(from, limits::downstream_piece_bytes_max) : std::string("bbb"));
    });
    world.kiosk.sink = &sink;
    world.kiosk.batches = {"one", "two"};
    world.start_all();
    CHECK(world.turn_until([&] { return sink.done() && world.kiosk.all_acknowledged(); }));
    CHECK(sink.offers == std::vector<std::string>{"root two", "manifest"});
}
