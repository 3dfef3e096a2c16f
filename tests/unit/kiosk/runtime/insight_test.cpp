// SPDX-License-Identifier: EUPL-1.2
// The kiosk's side of insight against a backend that keeps the protocol, and against everybody who
// would like to be it: what is shown was signed for this terminal, this question and this page, and
// nobody who carries it can read it, change it or hold anything up.
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "drivers/base/limits_insight.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/os/system_clock.hpp"
#include "kiosk/runtime/insight_rows.hpp"
#include "kiosk/runtime/insight_worker.hpp"
#include "sync/model/times.hpp"
#include "sync/outbox/insight_frame.hpp"
#include "sync/outbox/unix_socket.hpp"
#include "sync/receipts/insight.hpp"
#include "sync/seal/jwe.hpp"
#include "tests/unit/sync/syncd/folder.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

using base::Errc;
using core::Delivery;
using Standing = core::Release::Standing;
using Stage = core::Delivery::Stage;

namespace {

const base::Uuid terminal = *base::parse_uuid("0190a0b0-0000-7000-8000-000000000001");
const base::Uuid other_terminal = *base::parse_uuid("0190a0b0-0000-7000-8000-000000000002");
const base::Uuid grant = *base::parse_uuid("0190a0b0-0000-7000-8000-0000000000a1");
const base::Uuid end_of_it = *base::parse_uuid("0190a0b0-0000-7000-8000-0000000000a2");
constexpr std::uint64_t day_ms = 86'400'000;
constexpr std::uint64_t may = 1'778'587'200'000;  // 2026-05-12, noon

/// A key store with one key in memory.
class OneKey final : public port::KeyStore {
  public:
    explicit OneKey(port::Random& random)
        : key(crypto::generate_key(crypto::Curve::p256, random)), random_(random) {}
    base::Result<base::Bytes> public_point(std::string_view) override { return key.point.bytes; }
    base::Result<base::Bytes> sign_digest(std::string_view name, base::ByteView digest) override {
        if (name != "journal") return base::fail(Errc::key_bad, "test key");
        return crypto::ecdsa_sign(key, digest, random_);
    }
    crypto::KeyPair key;

  private:
    port::Random& random_;
};

/// A backend that keeps the protocol, as the insight's carrier sees it.
struct Backend {
    crypto::SystemRandom random;
    os::SystemClock clock;
    OneKey keys{random};
    crypto::KeyPair views = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair receipt = crypto::generate_key(crypto::Curve::p256, random);
    std::vector<std::string> rows;
    std::uint64_t log_size = 9;
    std::vector<receipts::InsightRequest> asked;
    std::vector<std::string> answers;

    base::Result<std::string> answer(const std::string& jwe, const crypto::KeyPair& signed_by) {
        const auto plain = seal::open_jwe(jwe, views, random);
        REQUIRE(plain);
        const std::vector<crypto::Point> journal{keys.key.point};
        const auto request =
            receipts::read_insight_request(base::as_text(*plain), terminal, journal);
        REQUIRE(request);
        asked.push_back(*request);
        receipts::InsightPage page;
        page.terminal = request->terminal;
        page.nonce = request->nonce;
        page.from = request->from;
        page.log_size = log_size;
        page.issued_ms = may;
        seal::PairSigner signer(signed_by, random);
        answers.push_back(
            *receipts::seal_insight_answer(page, rows, request->session, "kid", signer, random));
        return answers.back();
    }
    runtime::InsightQuestion question(std::vector<crypto::Point> believed) {
        return runtime::InsightQuestion(
            {{terminal, {"", views.point}, std::move(believed)}, keys, random, clock});
    }
    base::Result<core::Known> ask(const runtime::InsightQuestion::Carry& carry,
                                  std::uint64_t observed = 0, std::uint64_t from = 0) {
        return question({receipt.point}).ask(request(from), observed, carry);
    }
    base::Result<core::Known> ask(std::uint64_t observed = 0, std::uint64_t from = 0) {
        return ask([this](const std::string& jwe) { return answer(jwe, receipt); }, observed, from);
    }
    static core::RequestInsight request(std::uint64_t from = 0) {
        core::RequestInsight out;
        out.ticket = {3, 4};
        out.subject = core::PersonalText(std::string(32, 'p'));
        out.assurance = {model::Method::eid_pin, model::Level::hoch, 1};
        out.from = from;
        return out;
    }
};

receipts::InsightRelease release_row() {
    receipts::InsightRelease row;
    row.declaration = grant;
    row.terminal = other_terminal;
    row.entry = "JBA-05";
    row.act_type = "confidentiality_release";
    row.until = "2026-11-12";
    row.recorded_ms = may - 9 * day_ms;
    row.sources = {model::AuthorityId("amt-a")};
    row.parts = {{model::AuthorityId("amt-b"), "alive"}, {model::AuthorityId("unknown"), "alive"}};
    row.statuses = {
        {grant, model::AuthorityId("amt-a"), "received", may - 8 * day_ms, ""},
        {grant, model::AuthorityId("amt-a"), "withheld_by_source", may - 7 * day_ms, "entrusted"},
        {end_of_it, model::AuthorityId("amt-b"), "applied", may - 6 * day_ms, ""}};
    return row;
}

core::Known known_of(receipts::InsightRow row, model::Date today = model::day_of(may)) {
    receipts::InsightPage page;
    page.rows.push_back(std::move(row));
    return runtime::to_known(std::move(page), terminal, today);
}

}  // namespace

TEST_CASE(
    "insight: with a letter the request says which, and for which birth date, and asks once") {
    Backend backend;
    core::RequestInsight request = Backend::request();
    request.invitation = core::Invitation{"amt-a", "JBA-03", "eyJ.code.of-the-letter"};
    request.birth_date = core::PersonalText("2007-11-30");
    const auto carry = [&](const std::string& jwe) { return backend.answer(jwe, backend.receipt); };
    (void)backend.question({backend.receipt.point}).ask(request, 0, carry).has_value();
    REQUIRE(backend.asked.size() == 1);
    REQUIRE(backend.asked[0].invitation.has_value());
    CHECK(backend.asked[0].invitation->code == "eyJ.code.of-the-letter");
    CHECK(backend.asked[0].invitation->birth_date == "2007-11-30");
    REQUIRE(backend.ask());
    CHECK_FALSE(backend.asked.back().invitation.has_value());
}

TEST_CASE("insight rows: a release from elsewhere, with the last word of each authority") {
    const core::Release release = known_of(release_row()).releases.at(0);
    CHECK(release.declaration == grant);
    CHECK(release.elsewhere);
    CHECK(release.version.empty());
    CHECK(release.act == model::ActType::confidentiality_release);
    CHECK(release.standing == Standing::given);
    CHECK(release.recipients == std::vector<std::string>{"amt-b"});  // nobody is called "unknown"
    REQUIRE(release.deliveries.size() == 2);
    CHECK(release.deliveries[0] ==
          Delivery{"amt-a", Stage::withheld, model::day_of(may - 7 * day_ms), "entrusted"});
    // What was said about its end says nothing about a release that lives.
    CHECK(release.deliveries[1] == Delivery{"amt-b", Stage::sent, std::nullopt, {}});
}

TEST_CASE("insight rows: ended, suspended, over, and one's own") {
    receipts::InsightRelease row = release_row();
    for (auto& part : row.parts) part.state = "ended";
    core::Release ended = known_of(row).releases.at(0);
    CHECK(ended.standing == Standing::withdrawn);
    CHECK(ended.deliveries[0].stage == Stage::sent);
    CHECK(ended.deliveries[1].stage == Stage::applied);
    CHECK_FALSE(ended.can_be_taken_back());
    // A row without parts is a declaration that counts nowhere yet, as one in quarantine: not over.
    receipts::InsightRelease bare = row;
    bare.parts.clear();
    CHECK(known_of(bare).releases.at(0).standing == Standing::given);
    row.parts[0].state = "suspended";
    row.terminal = terminal;
    const core::Release paused = known_of(row).releases.at(0);
    CHECK(paused.standing == Standing::suspended);
    CHECK_FALSE(paused.elsewhere);
    CHECK(paused.can_be_taken_back());
    const auto at = [&](unsigned day) {
        const model::Date today{std::chrono::year{2026}, std::chrono::month{11},
                                std::chrono::day{day}};
        return known_of(release_row(), today).releases.at(0).standing;
    };
    CHECK(at(12) == Standing::given);  // the last day counts in full
    CHECK(at(13) == Standing::expired);
}

TEST_CASE("insight rows: accesses, and of a withheld one the day alone") {
    receipts::InsightAccess row;
    row.authority = model::AuthorityId("amt-a");
    row.day = "2026-04-28";
    row.coverage = "late";
    row.categories = "C01 C07";
    row.purpose = "planning";
    row.recipient = "amt-b";
    row.at_ms = may;
    const core::Access access = known_of(row).accesses.at(0);
    CHECK(access.coverage == core::Access::Coverage::late);
    CHECK(access.categories == std::vector<std::string>{"C01", "C07"});
    CHECK(access.recipient == "amt-b");
    row.withheld = true;
    const core::Access hidden = known_of(row).accesses.at(0);
    CHECK(hidden.withheld);
    CHECK(hidden.purpose.empty());
    CHECK(hidden.categories.empty());
    CHECK(hidden.at.date ==
          core::Date{std::chrono::year{2026}, std::chrono::month{4}, std::chrono::day{28}});
}

TEST_CASE("insight: asked in the person's name, with the card's assurance, for one session") {
    Backend backend;
    backend.rows = {receipts::encode(release_row())};
    const auto known = backend.ask(7);
    REQUIRE(known);
    CHECK(known->releases.size() == 1);
    CHECK_FALSE(known->next);
    REQUIRE(backend.asked.size() == 1);
    CHECK(backend.asked[0].subject.value == base::Bytes(32, 'p'));
    CHECK(backend.asked[0].method == model::Method::eid_pin);
    CHECK(backend.asked[0].observed == 7);
    REQUIRE(backend.ask());
    CHECK(backend.asked[1].nonce != backend.asked[0].nonce);
    CHECK(backend.asked[1].session.bytes != backend.asked[0].session.bytes);
}

TEST_CASE("insight: pages are asked for up to the bound, then it says where to go on") {
    Backend backend;
    backend.rows.assign(600, receipts::encode(release_row()));
    const auto known = backend.ask();
    REQUIRE(known);
    CHECK(backend.asked.size() == limits::insight_pages_max);
    REQUIRE(known->next);
    CHECK(*known->next == known->releases.size());
    const auto rest = backend.ask(0, *known->next);
    REQUIRE(rest);
    CHECK(backend.asked[limits::insight_pages_max].from == *known->next);
    // A later page that fails takes nothing of what is there already.
    int carried = 0;
    const auto part = backend.ask([&](const std::string& jwe) -> base::Result<std::string> {
        if (++carried > 2) return base::fail(Errc::network_timeout, "test");
        return backend.answer(jwe, backend.receipt);
    });
    REQUIRE(part);
    CHECK(part->next == part->releases.size());
}

TEST_CASE("insight: what is not the backend's word for this question is not believed") {
    Backend backend;
    backend.rows = {receipts::encode(release_row())};
    REQUIRE(backend.ask());
    const std::string of_before = backend.answers.front();
    CHECK(backend.ask([&](const std::string&) { return of_before; }).error().code ==
          Errc::open_failed);
    const crypto::KeyPair stranger = crypto::generate_key(crypto::Curve::p256, backend.random);
    CHECK(backend.ask([&](const std::string& jwe) { return backend.answer(jwe, stranger); })
              .error()
              .code == Errc::receipt_bad);
    CHECK(backend.ask([](const std::string& jwe) { return jwe; }).error().code ==
          Errc::open_failed);
    CHECK(backend.ask([](const std::string&) { return std::string("nonsense"); }).error().code ==
          Errc::message_bad);
    // It has proved nine records to us: a backend with eight came out of a backup.
    CHECK(backend.ask(9).has_value());
    CHECK(backend.ask(10).error().code == Errc::receipt_bad);
    // The next key, or one before it, is the backend's, too.
    auto question = backend.question({stranger.point, backend.receipt.point});
    CHECK(question
              .ask(Backend::request(), 0,
                   [&](const std::string& jwe) { return backend.answer(jwe, backend.receipt); })
              .has_value());
}

namespace {

/// The thread with its socket, and a mailbox that is looked into.
struct Worker {
    test::Folder folder;
    Backend backend;
    crypto::SystemRandom random;
    runtime::Mailbox mailbox;
    std::atomic<std::uint64_t> observed = 0;
    std::unique_ptr<runtime::InsightWorker> worker;

    Worker() {
        runtime::InsightSettings settings{folder.at("insight.sock"), ::getuid(), {}};
        settings.trust = {terminal, {"", backend.views.point}, {backend.receipt.point}};
        auto started = runtime::InsightWorker::start(
            std::move(settings), {mailbox, backend.keys, backend.clock, observed});
        REQUIRE(started);
        worker = std::move(*started);
    }
    std::optional<core::PlaceEvent> event(std::chrono::milliseconds patience) {
        for (auto left = patience; left.count() > 0; left -= std::chrono::milliseconds(5)) {
            if (auto got = mailbox.take()) return std::get<core::PlaceEvent>(std::move(got->body));
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        return std::nullopt;
    }
    static core::RequestInsight request(std::uint32_t number) {
        core::RequestInsight out = Backend::request();
        out.ticket.request = number;
        return out;
    }
};

/// A syncd that takes one question; what it does with it is the test's.
outbox::Socket syncd_with_question(const std::string& path, outbox::AskInsight& question) {
    auto connected = outbox::connect_to(path);
    REQUIRE(connected);
    outbox::FrameReader reader(outbox::Towards::syncd);
    base::Bytes input;
    while (!reader.done()) {
        const auto got = outbox::receive_some(connected->get(), input);
        REQUIRE(got);
        if (!*got) std::this_thread::sleep_for(std::chrono::milliseconds(2));
        const auto used = reader.feed(input);
        REQUIRE(used);
        input.erase(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(*used));
    }
    question = *outbox::read_insight_request(reader.take());
    return std::move(*connected);
}

}  // namespace

TEST_CASE("insight worker: without a syncd the answer is that there is none") {
    Worker world;
    world.worker->ask(Worker::request(1));
    const auto event = world.event(std::chrono::seconds(5));
    REQUIRE(event);
    const auto& failed = std::get<core::InsightFailed>(*event);
    CHECK(failed.ticket == core::Ticket{3, 1});
    CHECK(failed.errc == Errc::network_unreachable);
}

TEST_CASE(
    "insight worker: a stopped syncd holds nothing up: the session's end, the next question") {
    Worker world;
    auto stopped = outbox::connect_to(world.folder.at("insight.sock"));
    REQUIRE(stopped);
    world.worker->ask(Worker::request(1));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    world.worker->cancel();
    CHECK_FALSE(world.event(std::chrono::milliseconds(200)));
    // Nobody waits behind the stopped one: a fresh syncd is asked, and answers.
    auto waits = std::thread([&] {
        outbox::AskInsight question;
        const outbox::Socket line = syncd_with_question(world.folder.at("insight.sock"), question);
        const auto answer = world.backend.answer(question.jwe, world.backend.receipt);
        const base::Bytes frame = outbox::write_insight_answer(outbox::Insight{*answer});
        REQUIRE(outbox::send_all(line.get(), frame,
                                 {world.backend.clock, world.backend.clock.boot_ms() + 5'000}));
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    world.worker->ask(Worker::request(2));
    const auto event = world.event(std::chrono::seconds(5));
    waits.join();
    REQUIRE(event);
    CHECK(std::get<core::InsightKnown>(*event).ticket == core::Ticket{3, 2});
}
