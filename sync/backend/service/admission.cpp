// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/admission.hpp"

#include <algorithm>

#include "drivers/base/limits_backend.hpp"
#include "sync/backend/service/problem.hpp"

namespace backend {
namespace {

constexpr std::uint64_t whole = 1'000;
constexpr std::uint64_t full = limits::request_burst_max * whole;

/// Counts a waiting answer from its beginning to its end, also when its connection is dropped.
class Place {
  public:
    explicit Place(std::size_t& count) : count_(&count) { ++*count_; }
    Place(const Place& other) : count_(other.count_) { ++*count_; }
    Place& operator=(const Place&) = delete;
    ~Place() { --*count_; }

  private:
    std::size_t* count_;
};

}  // namespace

std::uint64_t RequestBudget::take(const http::Peer& peer, std::uint64_t now_ms) {
    if (buckets_.size() >= limits::request_peers_max) make_room(now_ms);
    const auto [found, fresh] =
        buckets_.try_emplace({peer.organisational_unit, peer.common_name}, Bucket{full, now_ms});
    Bucket& bucket = found->second;
    // So many requests a second are as many thousandths a millisecond.
    const std::uint64_t passed_ms = std::min<std::uint64_t>(now_ms - bucket.at_ms, full);
    bucket.thousandths = std::min(full, bucket.thousandths + passed_ms * limits::requests_per_s);
    bucket.at_ms = now_ms;
    if (bucket.thousandths >= whole) {
        bucket.thousandths -= whole;
        return 0;
    }
    const std::uint64_t missing = whole - bucket.thousandths;
    return (missing + limits::requests_per_s - 1) / limits::requests_per_s;
}

/// Forgets those who have not asked for so long that they have all their requests again.
void RequestBudget::make_room(std::uint64_t now_ms) {
    std::erase_if(buckets_, [now_ms](const auto& entry) {
        return now_ms - entry.second.at_ms >= full / limits::requests_per_s;
    });
    if (buckets_.size() >= limits::request_peers_max) buckets_.clear();
}

WorkLine::Place::Place(WorkLine& line, const http::Peer& peer)
    : line_(&line), who_(peer.organisational_unit, peer.common_name) {
    ++line_->peers_[who_];
    ++line_->all_;
}

WorkLine::Place::Place(const Place& other) : line_(other.line_), who_(other.who_) {
    ++line_->peers_[who_];
    ++line_->all_;
}

WorkLine::Place::~Place() {
    const auto found = line_->peers_.find(who_);
    if (--found->second == 0) line_->peers_.erase(found);
    --line_->all_;
}

std::size_t WorkLine::of(const http::Peer& peer) const {
    const auto found = peers_.find({peer.organisational_unit, peer.common_name});
    return found == peers_.end() ? 0 : found->second;
}

http::Response Admission::handle(const http::Request& request) {
    return http::answer_now(answer(request));
}

/// None of its steps has been made yet: refused here, it cost next to nothing.
http::Answer Admission::admit(http::Work work, const http::Request& request) {
    const http::Peer peer = request.peer.value_or(http::Peer{});
    if (line_.of(peer) >= limits::work_answers_peer_max) return too_many_requests(1'000);
    if (line_.all() >= limits::work_answers_max) {
        return problem_of({base::Errc::busy, "admission.work"});
    }
    return http::Work{
        [place = WorkLine::Place(line_, peer), step = std::move(work.step)] { return step(); }};
}

http::Answer Admission::answer(const http::Request& request) {
    if (request.peer) {
        const std::uint64_t wait_ms = budget_.take(*request.peer, clock_.boot_ms());
        if (wait_ms > 0) return too_many_requests(wait_ms);
    }
    if (waiting_ >= limits::waiting_answers_max) {
        return problem_of({base::Errc::busy, "admission.waiting"});
    }
    http::Answer given = service_.answer(request);
    if (auto* work = std::get_if<http::Work>(&given)) return admit(std::move(*work), request);
    auto* later = std::get_if<http::Later>(&given);
    if (later == nullptr) return given;
    return http::Later([place = Place(waiting_), ask = std::move(*later)] { return ask(); });
}

}  // namespace backend
