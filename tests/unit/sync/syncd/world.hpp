// SPDX-License-Identifier: EUPL-1.2
// The two sides that syncd stands between, as fakes behind real sockets: a kiosk with bodies to
// send and receipts to get, and a backend over mutual TLS that answers each body with a receipt.
// Both keep a diary. Receipts are plain words here ("got.<body>"): that signatures are verified is
// the journal's test.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "sync/http/client.hpp"
#include "sync/outbox/client.hpp"
#include "sync/outbox/server.hpp"
#include "sync/syncd/loop.hpp"
#include "tests/unit/sync/http/test_pki.hpp"
#include "tests/unit/sync/http/test_server.hpp"
#include "tests/unit/sync/syncd/folder.hpp"

namespace test {

/// Offers bodies until their receipt is in. Any thread.
class FakeKiosk final : public outbox::Source {
  public:
    std::vector<std::string> batches;        ///< set before start
    std::vector<std::string> advances;       ///< set before start, or with offer_advance
    std::set<std::uint64_t> places;          ///< that need a proof; set before start
    outbox::DownstreamSink* sink = nullptr;  ///< set before start

    base::Result<std::string> next_batch() override;
    base::Result<std::string> next_advance() override;
    base::Result<void> store_receipt(std::string_view set) override;
    base::Result<void> store_event(std::uint64_t n, std::string_view set) override;
    base::Result<std::uint64_t> event_cursor() override;
    base::Result<std::uint64_t> log_size() override;
    base::Result<void> store_checkpoint(std::string_view note, base::ByteView proof) override;
    base::Result<void> hear_chains(const std::vector<outbox::ChainStand>& chains) override;
    base::Result<outbox::Unproven> unproven() override;
    base::Result<void> store_inclusion(const outbox::StoreInclusion& claim) override;
    void link_changed(const outbox::LinkStatus& status) override;
    outbox::DownstreamSink* downstream() override { return sink; }

    void offer_advance(const std::string& body);
    [[nodiscard]] bool all_acknowledged() const;
    [[nodiscard]] std::vector<std::string> diary() const;
    [[nodiscard]] bool link_up() const;
    [[nodiscard]] std::uint64_t cursor() const;
    /// What was handed in: "note|bytes of the proof".
    [[nodiscard]] std::vector<std::string> checkpoints() const;
    /// What syncd told of the chains, the last time: "epoch:next_seq:head ...".
    [[nodiscard]] std::string chains() const;
    [[nodiscard]] unsigned chains_told() const;
    [[nodiscard]] bool all_proven() const;

  private:
    [[nodiscard]] std::string first_open(const std::vector<std::string>& bodies) const;

    mutable std::mutex mutex_;
    std::set<std::string> acknowledged_;
    std::vector<std::string> diary_;
    outbox::LinkStatus link_;
    std::uint64_t cursor_ = 0;
    std::vector<std::string> checkpoints_;
    std::string chains_;
    unsigned chains_told_ = 0;
};

/// Turns an outbox server, as the journal worker does.
class KioskThread {
  public:
    KioskThread(const std::string& socket_path, FakeKiosk& kiosk, port::Clock& clock);
    ~KioskThread();
    /// Tells syncd of a record at the next turn. Any thread.
    void tell_news() { news_ = true; }

  private:
    std::unique_ptr<outbox::Server> server_;
    std::atomic<bool> stop_{false};
    std::atomic<bool> news_{false};
    std::thread thread_;
};

/// Accepts every body. A test can put an answer in its place.
class FakeBackend final : public http::Handler {
  public:
    using Instead = std::function<std::optional<http::Response>(const http::Request&)>;
    explicit FakeBackend(Instead instead = nullptr) : instead_(std::move(instead)) {}
    http::Response handle(const http::Request& request) override;
    [[nodiscard]] std::vector<std::string> diary() const;
    void set_events(std::vector<std::string> sets);

  private:
    [[nodiscard]] std::string events_after(std::uint64_t after) const;
    Instead instead_;
    mutable std::mutex mutex_;
    std::vector<std::string> diary_;
    std::vector<std::string> events_;
};

/// Everything around one syncd. Members are made in order of need; a test starts and stops the two
/// sides.
class World {
  public:
    explicit World(FakeBackend::Instead instead = nullptr);

    void start_kiosk();
    void stop_kiosk() { kiosk_thread_.reset(); }
    /// Starts the backend, always on the same port once it has one.
    void start_backend();
    void stop_backend();
    /// A syncd from scratch, as after a restart of its process; only the spool's folder is the
    /// same.
    void start_syncd(std::uint16_t through_port = 0, const syncd::Pace& pace = {1, 2, 1});
    /// The usual beginning: both sides up, one syncd.
    void start_all() {
        start_kiosk();
        start_backend();
        start_syncd();
    }
    void tell_news() { kiosk_thread_->tell_news(); }
    /// Turns the loop until `done` or too often.
    [[nodiscard]] bool turn_until(const std::function<bool()>& done, int turns_max = 400);

    Folder folder;
    SteadyClock clock;
    FakeKiosk kiosk;
    FakeBackend backend;
    std::uint16_t port = 0;
    Authority authority{"Test CA"};
    Identity client_identity;
    std::optional<syncd::Spool> spool;
    std::unique_ptr<http::Client> client;
    std::unique_ptr<outbox::Client> outbox_client;
    std::unique_ptr<transport::Backend> transport;
    std::unique_ptr<syncd::Loop> loop;

  private:
    crypto::SystemRandom server_random_;
    crypto::SystemRandom client_random_;
    std::unique_ptr<http::TlsContext> server_context_;
    std::unique_ptr<http::TlsContext> client_context_;
    std::unique_ptr<http::Server> server_;
    std::optional<ServerThread> server_thread_;
    std::optional<KioskThread> kiosk_thread_;
};

[[nodiscard]] inline bool is_post(const http::Request& request) {
    return request.method == http::Method::post;
}

/// The terminal of all these tests, which is also the common name of its certificate.
inline constexpr const char* terminal_id = "0190a0b0-0000-7000-8000-000000000001";

}  // namespace test
