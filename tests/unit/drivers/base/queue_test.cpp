// SPDX-License-Identifier: EUPL-1.2
#include "drivers/base/bounded_queue.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <thread>

using namespace std::chrono_literals;

TEST_CASE("queue: full refuses and leaves the value untouched, order is kept") {
    base::BoundedQueue<std::unique_ptr<int>> queue(2);
    CHECK(queue.push(std::make_unique<int>(1)));
    CHECK(queue.push(std::make_unique<int>(2)));
    auto third = std::make_unique<int>(3);
    CHECK_FALSE(queue.push(std::move(third)));
    REQUIRE(third != nullptr);
    CHECK(queue.size() == 2);
    CHECK(**queue.try_pop() == 1);
    CHECK(queue.push(std::move(third)));
    CHECK(**queue.try_pop() == 2);
    CHECK(**queue.try_pop() == 3);
    CHECK_FALSE(queue.try_pop().has_value());
}

TEST_CASE("queue: a waiting receiver wakes for a value and for a stop") {
    base::BoundedQueue<int> queue(1);
    std::stop_source stop;
    CHECK_FALSE(queue.pop(stop.get_token(), 0ms).has_value());
    int got = 0;
    {
        const std::jthread receiver([&] { got = queue.pop(stop.get_token(), 60s).value_or(-1); });
        CHECK(queue.push(7));
    }
    CHECK(got == 7);
    {
        const std::jthread receiver([&] { got = queue.pop(stop.get_token(), 60s).value_or(-1); });
        stop.request_stop();
    }
    CHECK(got == -1);
}
