// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/ctl/fleet_run.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "drivers/base/limits.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/os/system_clock.hpp"
#include "sync/http/grammar.hpp"
#include "sync/receipts/checkpoint.hpp"

namespace ctl {
namespace {

using base::Errc;
using Instant = std::chrono::steady_clock::time_point;

double seconds_since(Instant start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// One terminal on the line. Members in order of need: the client goes first.
class Line {
  public:
    /// random  outlives the line.
    base::Result<void> open(const FleetPlan& plan, const FleetTerminal& terminal,
                            port::Random& random) {
        TRY(context, terminal.tls(random));
        tls_ = std::move(context);
        client_.emplace(http::ClientOptions{plan.origin, plan.server_name}, *tls_, clock_);
        return {};
    }
    base::Result<http::Response> send(const http::Request& request) {
        return client_->send(request);
    }
    void disconnect() { client_->disconnect(); }
    [[nodiscard]] bool resumed() const { return client_->resumed(); }

  private:
    os::SystemClock clock_;
    std::unique_ptr<http::TlsContext> tls_;
    std::optional<http::Client> client_;
};

http::Request post(const std::string& path, std::string_view type, std::string body) {
    http::Request request;
    request.method = http::Method::post;
    request.path = path;
    request.headers = {{"content-type", std::string(type)}};
    request.body = std::move(body);
    return request;
}

class Run {
  public:
    Run(const FleetPlan& plan, const FleetCommon& common) : plan_(plan), common_(common) {
        for (std::uint64_t i = 0; i < plan.terminals + fleet_withdrawers; ++i)
            terminals_.emplace_back(common_, plan.first + i);
    }

    base::Result<FleetResult> run() {
        auto start = std::chrono::steady_clock::now();
        if (!plan_.codes.empty())
            on_workers(terminals_.size(), [this](auto i, auto& random) { enrol(i, random); });
        out_.enrol_s = seconds_since(start);
        out_.log_size_before = log_size();
        start = std::chrono::steady_clock::now();
        {
            std::atomic<bool> drained = false;
            std::jthread withdrawing([&] { withdraw_until(drained); });
            on_workers(plan_.terminals, [this](auto i, auto& random) { drain(i, random); });
            drained = true;
        }
        out_.drain_s = seconds_since(start);
        out_.log_size_after = log_size();
        if (error_) return tl::unexpected(*error_);
        std::ranges::sort(out_.withdrawals_ms);
        return std::move(out_);
    }

  private:
    void failed(const base::Error& error) {
        const std::lock_guard lock(mutex_);
        if (!error_) error_ = error;
        stop_ = true;
    }

    template <class Work>
    void on_workers(std::uint64_t count, Work work) {
        std::atomic<std::uint64_t> next = 0;
        std::vector<std::jthread> threads;
        for (std::size_t w = 0; w < plan_.workers; ++w)
            threads.emplace_back([&] {
                crypto::SystemRandom random;
                for (std::uint64_t i = next++; i < count && !stop_; i = next++) work(i, random);
            });
    }

    /// Sends until the backend took it. A lost answer is no end: the same bytes go again, as syncd
    /// sends them. errors: http_status for any refusal that is no waiting; those of the client, if
    /// repeating does not help.
    base::Result<http::Response> insist(Line& line, const http::Request& request) {
        for (unsigned lost = 0;;) {
            auto response = line.send(request);
            if (!response) {
                if (++lost > repeats_max) return response;
                ++repeats_;
                line.disconnect();
                std::this_thread::sleep_for(std::chrono::seconds(lost));
                continue;
            }
            if (response->status < 300) return response;
            if (response->status != 503 && response->status != 429)
                return base::fail(Errc::http_status, "fleet", response->status);
            ++waits_;
            const auto after = http::parse_decimal(response->header("retry-after").value_or("1"));
            std::this_thread::sleep_for(std::chrono::seconds(after.value_or(1)));
        }
    }

    void enrol(std::uint64_t i, port::Random& random) {
        const auto code = plan_.codes.find(terminals_[i].id());
        if (code == plan_.codes.end()) return failed({Errc::config_bad, "fleet.code_missing"});
        Line line;
        const auto body = terminals_[i].enrolment(code->second, random);
        if (!body) return failed(body.error());
        if (const auto opened = line.open(plan_, terminals_[i], random); !opened)
            return failed(opened.error());
        const auto sent = insist(line, post("/v1/enrolments", "application/jose", *body));
        if (!sent) failed(sent.error());
    }

    void drain(std::uint64_t i, port::Random& random) {
        Line line;
        if (const auto opened = line.open(plan_, terminals_[i], random); !opened)
            return failed(opened.error());
        const std::string path = "/v1/terminals/" + base::to_text(terminals_[i].id()) + "/batches";
        const os::SystemClock clock;
        std::uint64_t in_connection = 0;
        for (std::uint64_t sent = 0; sent < plan_.events && !stop_;) {
            const auto count = static_cast<std::size_t>(
                std::min<std::uint64_t>(limits::batch_records_max, plan_.events - sent));
            auto body = terminals_[i].next_batch(count, clock.wall_ms(), random);
            if (!body) return failed(body.error());
            bytes_ += body->size();
            const auto done = insist(line, post(path, "application/json", std::move(*body)));
            if (!done) return failed(done.error());
            if (in_connection++ == 0) note_connection(line);
            // A link that drops now and then: the session is resumed.
            if (in_connection == batches_a_connection) {
                line.disconnect();
                in_connection = 0;
            }
            sent += count;
            events_ += count;
            ++batches_;
        }
    }

    void note_connection(const Line& line) {
        ++connections_;
        if (line.resumed()) ++resumed_;
    }

    void withdraw_until(const std::atomic<bool>& drained) {
        crypto::SystemRandom random;
        std::vector<Line> lines(fleet_withdrawers);
        const os::SystemClock clock;
        for (std::uint64_t n = 0; !drained && !stop_; ++n) {
            const std::uint64_t which = n % fleet_withdrawers;
            FleetTerminal& terminal = terminals_[plan_.terminals + which];
            if (n < fleet_withdrawers) {
                if (const auto opened = lines[which].open(plan_, terminal, random); !opened)
                    return failed(opened.error());
            }
            // From here on it would stand in the journal.
            const auto start = std::chrono::steady_clock::now();
            auto body = terminal.next_advance(clock.wall_ms(), random);
            if (!body) return failed(body.error());
            const auto done = insist(
                lines[which], post("/v1/terminals/" + base::to_text(terminal.id()) + "/advance",
                                   "application/json", std::move(*body)));
            if (!done) return failed(done.error());
            out_.withdrawals_ms.push_back(seconds_since(start) * 1'000);
            std::this_thread::sleep_for(std::chrono::milliseconds(plan_.withdrawals_gap_ms));
        }
    }

    std::uint64_t log_size() {
        out_.events = events_;
        out_.batches = batches_;
        out_.bytes = bytes_;
        out_.waits = waits_;
        out_.repeats = repeats_;
        out_.connections = connections_;
        out_.resumed = resumed_;
        if (stop_) return 0;
        crypto::SystemRandom random;
        Line line;
        if (const auto opened = line.open(plan_, terminals_[0], random); !opened) {
            failed(opened.error());
            return 0;
        }
        http::Request request;
        request.path = "/v1/log/checkpoint";
        const auto note = insist(line, request);
        const auto read = note ? receipts::read_checkpoint(note->body)
                               : base::Result<receipts::Checkpoint>(tl::unexpected(note.error()));
        if (!read) failed(read.error());
        return read ? read->head.size : 0;
    }

    /// As a syncd that loses its link every thousand records.
    static constexpr std::uint64_t batches_a_connection = 20;
    /// In a row, with growing pauses: a minute in all besides the waiting itself.
    static constexpr unsigned repeats_max = 10;

    const FleetPlan& plan_;
    const FleetCommon& common_;
    std::vector<FleetTerminal> terminals_;
    std::mutex mutex_;
    std::optional<base::Error> error_;
    std::atomic<bool> stop_ = false;
    std::atomic<std::uint64_t> events_ = 0;
    std::atomic<std::uint64_t> batches_ = 0;
    std::atomic<std::uint64_t> bytes_ = 0;
    std::atomic<std::uint64_t> waits_ = 0;
    std::atomic<std::uint64_t> repeats_ = 0;
    std::atomic<std::uint64_t> connections_ = 0;
    std::atomic<std::uint64_t> resumed_ = 0;
    FleetResult out_;
};

}  // namespace

base::Result<FleetResult> run_fleet(const FleetPlan& plan, const FleetCommon& common) {
    return Run(plan, common).run();
}

}  // namespace ctl
