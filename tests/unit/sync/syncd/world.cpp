// SPDX-License-Identifier: EUPL-1.2
#include "tests/unit/sync/syncd/world.hpp"

#include <unistd.h>

#include "drivers/base/check.hpp"
#include "drivers/base/encoding.hpp"
#include "sync/model/json.hpp"

namespace test {

std::string FakeKiosk::first_open(const std::vector<std::string>& bodies) const {
    for (const std::string& body : bodies)
        if (!acknowledged_.contains("got." + body)) return body;
    return {};
}

base::Result<std::string> FakeKiosk::next_batch() {
    const std::lock_guard lock(mutex_);
    return first_open(batches);
}

base::Result<std::string> FakeKiosk::next_advance() {
    const std::lock_guard lock(mutex_);
    return first_open(advances);
}

base::Result<void> FakeKiosk::store_receipt(std::string_view set) {
    const std::lock_guard lock(mutex_);
    if (set == "forged") return base::fail(base::Errc::receipt_bad, "fake kiosk");
    acknowledged_.emplace(set);
    diary_.emplace_back(set);
    return {};
}

base::Result<void> FakeKiosk::store_event(std::uint64_t n, std::string_view set) {
    const std::lock_guard lock(mutex_);
    if (set.starts_with("bad")) return base::fail(base::Errc::receipt_bad, "fake kiosk");
    if (n <= cursor_) return base::fail(base::Errc::sequence_gap, "fake kiosk");
    cursor_ = n;
    diary_.emplace_back(set);
    return {};
}

base::Result<std::uint64_t> FakeKiosk::event_cursor() {
    const std::lock_guard lock(mutex_);
    return cursor_;
}

base::Result<std::uint64_t> FakeKiosk::log_size() {
    const std::lock_guard lock(mutex_);
    return checkpoints_.size();
}

base::Result<void> FakeKiosk::store_checkpoint(std::string_view note, base::ByteView proof) {
    const std::lock_guard lock(mutex_);
    if (note.starts_with("bad")) return base::fail(base::Errc::receipt_bad, "fake kiosk");
    checkpoints_.push_back(std::string(note) + "|" + std::to_string(proof.size()));
    return {};
}

std::vector<std::string> FakeKiosk::checkpoints() const {
    const std::lock_guard lock(mutex_);
    return checkpoints_;
}

base::Result<void> FakeKiosk::hear_chains(const std::vector<outbox::ChainStand>& chains) {
    const std::lock_guard lock(mutex_);
    ++chains_told_;
    chains_.clear();
    for (const auto& each : chains)
        chains_ += std::to_string(each.epoch) + ":" + std::to_string(each.next_seq) + ":" +
                   each.head + " ";
    return {};
}

base::Result<outbox::Unproven> FakeKiosk::unproven() {
    const std::lock_guard lock(mutex_);
    return outbox::Unproven{100, {places.begin(), places.end()}};
}

base::Result<void> FakeKiosk::store_inclusion(const outbox::StoreInclusion& claim) {
    const std::lock_guard lock(mutex_);
    if (claim.size != 100 || claim.leaf != base::Bytes(32, 9) || claim.proof.size() != 64)
        return base::fail(base::Errc::receipt_bad, "fake kiosk");
    places.erase(claim.index);
    return {};
}

std::string FakeKiosk::chains() const {
    const std::lock_guard lock(mutex_);
    return chains_;
}

unsigned FakeKiosk::chains_told() const {
    const std::lock_guard lock(mutex_);
    return chains_told_;
}

bool FakeKiosk::all_proven() const {
    const std::lock_guard lock(mutex_);
    return places.empty();
}

void FakeKiosk::link_changed(const outbox::LinkStatus& status) {
    const std::lock_guard lock(mutex_);
    link_ = status;
}

void FakeKiosk::offer_advance(const std::string& body) {
    const std::lock_guard lock(mutex_);
    advances.push_back(body);
}

bool FakeKiosk::all_acknowledged() const {
    const std::lock_guard lock(mutex_);
    return first_open(batches).empty() && first_open(advances).empty();
}

std::vector<std::string> FakeKiosk::diary() const {
    const std::lock_guard lock(mutex_);
    return diary_;
}

bool FakeKiosk::link_up() const {
    const std::lock_guard lock(mutex_);
    return link_.up;
}

std::uint64_t FakeKiosk::cursor() const {
    const std::lock_guard lock(mutex_);
    return cursor_;
}

KioskThread::KioskThread(const std::string& socket_path, FakeKiosk& kiosk, port::Clock& clock) {
    auto opened = outbox::Server::open({socket_path, ::getuid()}, kiosk, clock);
    CHECK(opened);
    server_ = std::move(*opened);
    thread_ = std::thread([this] {
        while (!stop_) {
            if (news_.exchange(false)) server_->tell_news();
            server_->turn(5);
        }
    });
}

KioskThread::~KioskThread() {
    stop_ = true;
    thread_.join();
}

std::string FakeBackend::events_after(std::uint64_t after) const {
    std::vector<std::string> items;
    for (std::uint64_t n = after + 1; n <= events_.size(); ++n)
        items.push_back(model::JsonWriter().number("n", n).text("set", events_[n - 1]).done());
    const std::uint64_t next = std::max<std::uint64_t>(after, events_.size());
    return model::JsonWriter().raw("events", model::json_array(items)).number("next", next).done();
}

namespace {

/// Every leaf is 32 nines, every proof two hashes.
http::Response inclusions_of(const http::Request& request) {
    std::string list = request.query_value("index").value();
    std::vector<std::string> items;
    const std::string hash = model::json_quote(base::to_base64url(base::Bytes(32, 7)));
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(','), list.size());
        items.push_back(model::JsonWriter()
                            .number("index", std::stoull(list.substr(0, end)))
                            .bytes("leaf", base::Bytes(32, 9))
                            .raw("proof", model::json_array({hash, hash}))
                            .done());
        list.erase(0, end + 1);
    }
    return http::make_response(200, "application/json",
                               model::JsonWriter()
                                   .number("size", std::stoull(request.query_value("size").value()))
                                   .raw("inclusions", model::json_array(items))
                                   .done());
}

}  // namespace

http::Response FakeBackend::handle(const http::Request& request) {
    if (instead_)
        if (auto answer = instead_(request)) return std::move(*answer);
    const std::lock_guard lock(mutex_);
    CHECK(request.peer);
    CHECK(request.peer->common_name == terminal_id);
    if (request.path == "/v1/log/growth") {
        const std::string note = "log after " + request.query_value("from").value() + "\n";
        const std::string hash = model::json_quote(base::to_base64url(base::Bytes(32, 7)));
        return http::make_response(
            200, "application/json",
            model::JsonWriter().text("checkpoint", note).raw("proof", "[" + hash + "]").done());
    }
    if (request.path == "/v1/log/inclusion") return inclusions_of(request);
    const std::string base_path = std::string("/v1/terminals/") + terminal_id;
    if (request.path == base_path + "/chains")
        return http::make_response(200, "application/json",
                                   R"({"chains":[{"epoch":1,"next_seq":4,"head":"a.b.c"},)"
                                   R"({"epoch":3,"next_seq":1,"head":""}]})");
    if (request.path == base_path + "/events") {
        const auto after = request.query_value("after");
        return http::make_response(200, "application/json",
                                   events_after(std::stoull(after.value())));
    }
    if (request.path != base_path + "/batches" && request.path != base_path + "/advance")
        return http::make_problem(404, "none", "No such thing");
    diary_.push_back(request.body);
    return http::make_response(
        200, "application/json",
        "{\"receipts\":[\"got." + request.body + "\"],\"next_seq\":1,\"epoch\":1}");
}

std::vector<std::string> FakeBackend::diary() const {
    const std::lock_guard lock(mutex_);
    return diary_;
}

void FakeBackend::set_events(std::vector<std::string> sets) {
    const std::lock_guard lock(mutex_);
    events_ = std::move(sets);
}

World::World(FakeBackend::Instead instead) : backend(std::move(instead)) {
    Leaf leaf;
    leaf.common = terminal_id;
    client_identity = authority.issue(leaf);
    server_context_ = make_context(http::TlsSide::server, authority.certificate(),
                                   authority.issue(server_leaf()), server_random_);
    client_context_ = make_context(http::TlsSide::client, authority.certificate(), client_identity,
                                   client_random_);
}

void World::start_kiosk() {
    kiosk_thread_.emplace(folder.at("kiosk.sock"), kiosk, clock);
}

void World::start_backend() {
    http::ServerOptions options;
    options.tls_address = {"127.0.0.1", port};
    auto listening = http::Server::listen(options, {*server_context_, backend, nullptr, clock});
    CHECK(listening);
    server_ = std::move(*listening);
    port = server_->port();
    server_thread_.emplace(*server_);
}

void World::stop_backend() {
    server_thread_.reset();
    server_.reset();
}

void World::start_syncd(std::uint16_t through_port, const syncd::Pace& pace) {
    loop.reset();
    auto opened = syncd::Spool::open(folder.at("spool"));
    CHECK(opened);
    spool = std::move(*opened);
    const http::Origin origin{"127.0.0.1", through_port == 0 ? port : through_port};
    client = std::make_unique<http::Client>(http::ClientOptions{origin, "backend.test"},
                                            *client_context_, clock);
    transport = std::make_unique<transport::Backend>(*client, *base::parse_uuid(terminal_id));
    outbox_client = std::make_unique<outbox::Client>(folder.at("kiosk.sock"), clock, -1);
    loop = std::make_unique<syncd::Loop>(
        syncd::Loop::Parts{*outbox_client, *transport, *spool, clock, client_random_}, pace);
}

bool World::turn_until(const std::function<bool()>& done, int turns_max) {
    for (int i = 0; i < turns_max; ++i) {
        if (done()) return true;
        const auto wait_ms = loop->turn();
        CHECK(wait_ms);
        std::this_thread::sleep_for(std::chrono::milliseconds(*wait_ms));
    }
    return done();
}

}  // namespace test
