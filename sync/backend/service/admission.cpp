// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/admission.hpp"

#include <algorithm>

#include "drivers/base/check.hpp"
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

http::Response Admission::handle(const http::Request& request) {
    http::Answer given = answer(request);
    auto* response = std::get_if<http::Response>(&given);
    CHECK(response != nullptr);
    return std::move(*response);
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
    auto* later = std::get_if<http::Later>(&given);
    if (later == nullptr) return given;
    return http::Later([place = Place(waiting_), ask = std::move(*later)] { return ask(); });
}

}  // namespace backend
