// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/runtime/insight_worker.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "drivers/base/handle.hpp"
#include "drivers/base/log.hpp"
#include "drivers/crypto/random.hpp"
#include "kiosk/runtime/wipe_stack.hpp"
#include "sync/outbox/insight_socket.hpp"

namespace runtime {
namespace {

using Bell = base::Handle<int, [](int fd) { ::close(fd); }>;

}  // namespace

class InsightWorker::Thread {
  public:
    Thread(InsightSettings settings, Ports ports, outbox::InsightSocket socket)
        : ports_(ports),
          socket_(std::move(socket)),
          cancel_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
          trust_(std::move(settings.trust)),
          thread_([this](const std::stop_token& stop) { run(stop); }) {}
    Thread(const Thread&) = delete;
    Thread& operator=(const Thread&) = delete;
    ~Thread() {
        thread_.request_stop();
        replace(std::nullopt);
    }

    /// The question that waits, and an end to the one under way.
    void replace(std::optional<core::RequestInsight> next) {
        {
            const std::lock_guard lock(mutex_);
            next_ = std::move(next);
            const std::uint64_t one = 1;
            // The counter can only be full if it rang already.
            [[maybe_unused]] const auto rung = ::write(cancel_.get(), &one, sizeof one);
        }
        ready_.notify_one();
    }

    void believe(const seal::PublicJwk& views, std::vector<crypto::Point> receipts) {
        const std::lock_guard lock(mutex_);
        trust_.views_key = views;
        trust_.receipt_keys = std::move(receipts);
    }

  private:
    InsightTrust trust() {
        const std::lock_guard lock(mutex_);
        return trust_;
    }
    /// Takes the question and silences the bell that ended the one before it, in one step: a bell
    /// for this one is not lost.
    std::optional<core::RequestInsight> take(const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        ready_.wait(lock, stop, [this] { return next_.has_value(); });
        if (stop.stop_requested()) return std::nullopt;
        std::uint64_t rings = 0;
        [[maybe_unused]] const auto silenced = ::read(cancel_.get(), &rings, sizeof rings);
        return std::exchange(next_, std::nullopt);
    }

    void run(const std::stop_token& stop) {
        crypto::SystemRandom random;
        const auto carry = [this](std::string jwe) {
            return socket_.ask(std::move(jwe), cancel_.get());
        };
        while (const auto request = take(stop)) {
            InsightQuestion question({trust(), ports_.keys, random, ports_.clock});
            answer(*request, question.ask(*request, ports_.observed.load(), carry));
            wipe_stack();
        }
    }

    void answer(const core::RequestInsight& request, base::Result<core::Known> known) {
        if (known) {
            ports_.mailbox.post(core::InsightKnown{request.ticket, std::move(*known)});
            return;
        }
        if (known.error().code == base::Errc::cancelled) return;
        base::log_error(known.error());
        ports_.mailbox.post(core::InsightFailed{request.ticket, known.error().code});
    }

    Ports ports_;
    outbox::InsightSocket socket_;  // insight thread only
    Bell cancel_;
    std::mutex mutex_;  // guards what follows
    std::optional<core::RequestInsight> next_;
    InsightTrust trust_;
    std::condition_variable_any ready_;
    std::jthread thread_;  // last member: ends before what it uses
};

InsightWorker::InsightWorker(std::unique_ptr<Thread> thread) : thread_(std::move(thread)) {}
InsightWorker::~InsightWorker() = default;

base::Result<std::unique_ptr<InsightWorker>> InsightWorker::start(InsightSettings settings,
                                                                  Ports ports) {
    TRY(socket,
        outbox::InsightSocket::open({settings.socket.string(), settings.syncd_uid}, ports.clock));
    auto thread = std::make_unique<Thread>(std::move(settings), ports, std::move(socket));
    return std::unique_ptr<InsightWorker>(new InsightWorker(std::move(thread)));
}

void InsightWorker::ask(core::RequestInsight request) {
    thread_->replace(std::move(request));
}
void InsightWorker::believe(const seal::PublicJwk& views, std::vector<crypto::Point> receipts) {
    thread_->believe(views, std::move(receipts));
}
void InsightWorker::cancel() {
    thread_->replace(std::nullopt);
}

}  // namespace runtime
